import type { FastifyPluginAsync } from 'fastify'
import { listAccounts, listTransactions } from '../banks/account.store.ts'
import type { Bank } from '../banks/bank.ts'
import { listPayments } from '../fed/dispute.ts'
import { listStopped } from '../fed/stop.store.ts'
import { formToken, sendPage } from '../pages/browser.ts'
import { notFound } from '../pages/error.page.ts'
import { accountPage, accountsPage, onlineNav } from '../pages/online.page.ts'
import type { World } from '../world.ts'
import { customerOf } from './session.ts'

const RECENT = 5
const ON_ONE_PAGE = 50

/** What a customer sees after signing in at the bank itself. */
export const onlineRoutes =
  (world: World, bank: Bank): FastifyPluginAsync =>
  async (app) => {
    const { sql } = world
    const base = `/${bank.slug}/online`

    app.get(base, async (request, reply) => {
      const customer = await customerOf(world, bank, request)
      if (!customer) return reply.redirect(`/${bank.slug}`, 303)
      const accounts = await listAccounts(sql, customer.id)
      const checking = accounts.find((account) => account.kind === 'checking')
      const recent = checking ? await listTransactions(sql, checking.id, { offset: 0, limit: RECENT }) : []
      const nav = onlineNav(bank, formToken(world, request, reply), 'accounts')
      const body = accountsPage(bank, customer.firstName, accounts, recent)
      return sendPage(reply, { title: 'Accounts', bank, nav, body })
    })

    app.get<{ Params: { id: string }; Querystring: { done?: string } }>(
      `${base}/accounts/:id`,
      async (request, reply) => {
        const customer = await customerOf(world, bank, request)
        if (!customer) return reply.redirect(`/${bank.slug}`, 303)
        const account = (await listAccounts(sql, customer.id)).find((one) => one.id === request.params.id)
        const token = formToken(world, request, reply)
        const nav = onlineNav(bank, token, 'accounts')
        if (!account) return sendPage(reply, { title: 'Not found', bank, nav, body: notFound(bank) }, 404)
        const transactions = await listTransactions(sql, account.id, { offset: 0, limit: ON_ONE_PAGE })
        const payments = await listPayments(
          sql,
          transactions.map((one) => one.id),
        )
        const stopped = await listStopped(sql, account.id)
        const view = { account, transactions, payments, stopped, now: world.now(), token, done: request.query.done }
        return sendPage(reply, { title: account.productName, bank, nav, body: accountPage(bank, view) })
      },
    )
  }
