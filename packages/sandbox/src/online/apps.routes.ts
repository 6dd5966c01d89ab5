import type { FastifyPluginAsync } from 'fastify'
import { listAccounts } from '../banks/account.store.ts'
import type { Bank } from '../banks/bank.ts'
import type { Customer } from '../banks/customer.store.ts'
import { currentConsent, endConsent } from '../consents/consent.commands.ts'
import { listConsents } from '../consents/consent.store.ts'
import { type Form, formToken, isOurForm, sendPage } from '../pages/browser.ts'
import { notFound } from '../pages/error.page.ts'
import { type AppView, appsPage, onlineNav } from '../pages/online.page.ts'
import type { World } from '../world.ts'
import { customerOf } from './session.ts'

type Posted = { Body: Form | undefined; Params: { id: string } }

async function listApps(world: World, customer: Customer): Promise<AppView[]> {
  const accounts = await listAccounts(world.sql, customer.id)
  const consents = await listConsents(world.sql, customer.id, world.now())
  const nameOf = (id: string) => world.clients.find((client) => client.clientId === id)?.name ?? id
  return consents.map((consent) => ({ consent, accounts, appName: nameOf(consent.clientId) }))
}

/** The apps a customer has connected, and the way to disconnect them. */
export const appsRoutes =
  (world: World, bank: Bank): FastifyPluginAsync =>
  async (app) => {
    const base = `/${bank.slug}/online/apps`

    app.get<{ Querystring: { revoked?: string } }>(base, async (request, reply) => {
      const customer = await customerOf(world, bank, request)
      if (!customer) return reply.redirect(`/${bank.slug}`, 303)
      const token = formToken(world, request, reply)
      const body = appsPage(bank, await listApps(world, customer), token, request.query.revoked !== undefined)
      return sendPage(reply, { title: 'Connected apps', bank, nav: onlineNav(bank, token, 'apps'), body })
    })

    app.post<Posted>(`${base}/:id/revoke`, async (request, reply) => {
      const customer = await customerOf(world, bank, request)
      if (!customer || !isOurForm(world, request, request.body ?? {})) return reply.redirect(`/${bank.slug}`, 303)
      const consent = await currentConsent(world, bank.slug, request.params.id)
      if (consent?.customerId !== customer.id)
        return sendPage(reply, { title: 'Not found', bank, body: notFound(bank) }, 404)
      await endConsent(world, bank.slug, consent.id, { by: 'INDIVIDUAL', why: 'USER_ACTION' })
      return reply.redirect(`${base}?revoked`, 303)
    })
  }
