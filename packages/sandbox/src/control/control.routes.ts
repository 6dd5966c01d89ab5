import type { FastifyPluginAsync } from 'fastify'
import { banks, findBank } from '../banks/bank.ts'
import { findCustomerByLogin } from '../banks/customer.store.ts'
import { expireConsents } from '../consents/consent.store.ts'
import { deleteFaults, insertFault, listFaults } from '../faults/fault.store.ts'
import { faultKinds } from '../faults/fault.ts'
import type { Fed } from '../fed/fed.ts'
import type { World } from '../world.ts'
import { accountRoutes } from './account.routes.ts'
import { clockRoutes } from './clock.routes.ts'
import { entryRoutes } from './entry.routes.ts'
import { fedRoutes } from './fed.routes.ts'
import { readFault } from './read-fault.ts'
import { refuse } from './refuse.ts'

const loopback = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

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
 * The strings of the pretend world: clock, faults, balances, expiry, the ways of ACH. Nobody signs in here, so only
 * this machine may call, and no web page may: a browser says where a request comes from.
 */
export const controlRoutes =
  (world: World, fed: Fed): FastifyPluginAsync =>
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
    await app.register(clockRoutes(world, fed))
    await app.register(fedRoutes(world, fed), { prefix: '/fed' })
    await app.register(entryRoutes(world, fed), { prefix: '/fed/entries' })
  }
