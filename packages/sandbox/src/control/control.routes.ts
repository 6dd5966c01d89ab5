import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { findAccountByNumber, findAccountOfLogin, saveBalances } from '../banks/account.store.ts'
import type { Account } from '../banks/account.ts'
import { type Bank, banks, findBank } from '../banks/bank.ts'
import { findCustomerByLogin } from '../banks/customer.store.ts'
import { expireConsents } from '../consents/consent.store.ts'
import { deleteFaults, insertFault, listFaults } from '../faults/fault.store.ts'
import { faultKinds } from '../faults/fault.ts'
import { centsToText, textToCents } from '../money.ts'
import type { World } from '../world.ts'
import { readFault } from './read-fault.ts'

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

const refuse = (reply: FastifyReply, status: number, message: string) => reply.code(status).send({ message })

const toAccountView = (bank: Bank, account: Account): object => ({
  accountId: account.id,
  bank: bank.slug,
  kind: account.kind,
  routingNumber: bank.routingNumber,
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

type OneAccount = { Params: { bank: string; login: string; kind: string } }

const accountRoutes =
  (world: World): FastifyPluginAsync =>
  async (app) => {
    const find = async ({ bank: slug, login, kind }: OneAccount['Params']) => {
      const bank = findBank(slug)
      const account = bank && (await findAccountOfLogin(world.sql, slug, login, kind))
      return account && { bank, account }
    }

    app.get<OneAccount>('/accounts/:bank/:login/:kind', async (request, reply) => {
      const found = await find(request.params)
      return found ? toAccountView(found.bank, found.account) : refuse(reply, 404, 'there is no such account')
    })

    app.put<OneAccount & { Body: { currentBalance?: unknown; availableBalance?: unknown } | null }>(
      '/accounts/:bank/:login/:kind',
      async (request, reply) => {
        const found = await find(request.params)
        if (!found) return refuse(reply, 404, 'there is no such account')
        const current = readBalance(request.body?.currentBalance, found.account.currentBalance)
        // Who sets only the current balance means: nothing is pending.
        const available = readBalance(request.body?.availableBalance, current ?? 0n)
        if (current === undefined || available === undefined)
          return refuse(
            reply,
            400,
            'currentBalance and availableBalance are text with two decimals, such as "48250.75"',
          )
        await saveBalances(world.sql, found.account.id, { current, available, at: world.now() })
        const saved = await find(request.params)
        return saved && toAccountView(saved.bank, saved.account)
      },
    )

    app.get<{ Querystring: { routingNumber?: string; accountNumber?: string } }>(
      '/accounts',
      async (request, reply) => {
        const { routingNumber = '', accountNumber = '' } = request.query
        const known: readonly Bank[] = banks
        const bank = known.find(
          (one) => one.routingNumber === routingNumber || one.tokenRoutingNumber === routingNumber,
        )
        const account = bank && (await findAccountByNumber(world.sql, bank.slug, accountNumber))
        return account ? toAccountView(bank, account) : refuse(reply, 404, 'no account has these numbers')
      },
    )
  }

const faultRoutes =
  (world: World): FastifyPluginAsync =>
  async (app) => {
    app.get<{ Querystring: { bank?: string } }>('/faults', async (request) => ({
      kinds: faultKinds,
      faults: await listFaults(world.sql, request.query.bank),
    }))

    app.post('/faults', async (request, reply) => {
      const fault = readFault(request.body, { id: world.newId(), createdAt: world.now() })
      if (typeof fault === 'string') return refuse(reply, 400, fault)
      if (fault.login && !(await findCustomerByLogin(world.sql, fault.bank, fault.login)))
        return refuse(reply, 400, `${fault.bank} has no customer '${fault.login}'`)
      await insertFault(world.sql, fault)
      world.log.info({ bank: fault.bank, kind: fault.kind, resource: fault.resource }, 'fault switched on')
      return reply.code(201).send(fault)
    })

    app.delete<{ Querystring: { bank?: string } }>('/faults', async (request) => ({
      cleared: await deleteFaults(world.sql, request.query),
    }))

    app.delete<{ Params: { id: string } }>('/faults/:id', async (request, reply) => {
      const cleared = await deleteFaults(world.sql, { id: request.params.id })
      return cleared > 0 ? reply.code(204).send() : refuse(reply, 404, 'there is no such fault')
    })

    app.post<{ Body: { bank?: string; login?: string } | null }>('/consents/expire', async (request, reply) => {
      const bank = findBank(request.body?.bank ?? '')
      if (!bank) return refuse(reply, 400, `bank is one of ${banks.map((one) => one.slug).join(', ')}`)
      return { expired: await expireConsents(world.sql, bank.slug, request.body?.login, world.now()) }
    })
  }

/**
 * The strings of the pretend world: faults, balances, expiry. Nobody signs in here, so only this machine may call,
 * and no web page may: a browser says where a request comes from.
 */
export const controlRoutes =
  (world: World): FastifyPluginAsync =>
  async (app) => {
    // A page that had its own name point here would still send that name as the host.
    const names = new Set(['localhost', '127.0.0.1', '[::1]', new URL(world.url).hostname])
    app.addHook('onRequest', async (request, reply) => {
      const isHere = loopback.has(request.socket.remoteAddress ?? '') && names.has(request.hostname)
      if (!isHere || request.headers.origin !== undefined || request.headers['sec-fetch-site'] === 'cross-site')
        return refuse(reply, 403, 'the control API answers programs on this machine only')
    })
    await app.register(faultRoutes(world))
    await app.register(accountRoutes(world))
  }
