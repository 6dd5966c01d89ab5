import type { FastifyPluginAsync } from 'fastify'
import { findAccountByNumber, findAccountOfLogin, saveBalances } from '../banks/account.store.ts'
import { type Account, accountStatuses } from '../banks/account.ts'
import { findReceiver, type Receiver, receiverOf } from '../banks/receiver.ts'
import { centsToText, textToCents } from '../money.ts'
import type { World } from '../world.ts'
import { partsOf, refuse } from './refuse.ts'

const toAccountView = (bank: Receiver, account: Account): object => ({
  accountId: account.id,
  bank: bank.slug,
  kind: account.kind,
  routingNumber: bank.routingNumbers[0],
  accountNumber: account.number,
  status: account.status,
  currentBalance: centsToText(account.currentBalance),
  availableBalance: centsToText(account.availableBalance),
})

/** Cents, or undefined when the text is no amount. An absent text keeps what is. */
function readBalance(given: unknown, otherwise: bigint): bigint | undefined {
  if (given === undefined) return otherwise
  return typeof given === 'string' ? textToCents(given) : undefined
}

/** What an account shall be from now on. A string is what is wrong with the wish. */
function readChange(body: unknown, account: Account) {
  const given = partsOf(body)
  const current = readBalance(given.currentBalance, account.currentBalance)
  // Who sets only the current balance means: nothing is pending.
  const otherwise = given.currentBalance === undefined ? account.availableBalance : (current ?? 0n)
  const available = readBalance(given.availableBalance, otherwise)
  if (current === undefined || available === undefined)
    return 'currentBalance and availableBalance are text with two decimals, such as "48250.75"'
  const status = accountStatuses.find((one) => one === (given.status ?? account.status))
  return status ? { current, available, status } : `status is one of ${accountStatuses.join(', ')}`
}

type OneAccount = { Params: { bank: string; login: string; kind: string } }

/** Looks at accounts and changes them behind their owners' backs. */
export const accountRoutes =
  (world: World): FastifyPluginAsync =>
  async (app) => {
    const find = async ({ bank: slug, login, kind }: OneAccount['Params']) => {
      const bank = receiverOf(slug)
      const account = bank && (await findAccountOfLogin(world.sql, slug, login, kind))
      return account && { bank, account }
    }

    app.get<OneAccount>('/accounts/:bank/:login/:kind', async (request, reply) => {
      const found = await find(request.params)
      return found ? toAccountView(found.bank, found.account) : refuse(reply, 404, 'there is no such account')
    })

    app.put<OneAccount>('/accounts/:bank/:login/:kind', async (request, reply) => {
      const found = await find(request.params)
      if (!found) return refuse(reply, 404, 'there is no such account')
      const change = readChange(request.body, found.account)
      if (typeof change === 'string') return refuse(reply, 400, change)
      await saveBalances(world.sql, found.account.id, { ...change, at: world.now() })
      const saved = await find(request.params)
      return saved && toAccountView(saved.bank, saved.account)
    })

    app.get<{ Querystring: { routingNumber?: string; accountNumber?: string } }>(
      '/accounts',
      async (request, reply) => {
        const { routingNumber = '', accountNumber = '' } = request.query
        const bank = findReceiver(routingNumber)
        const account = bank && (await findAccountByNumber(world.sql, bank.slug, accountNumber, world.now()))
        return account ? toAccountView(bank, account) : refuse(reply, 404, 'no account has these numbers')
      },
    )
  }
