import type { FastifyPluginAsync } from 'fastify'
import { addDays, easternDay, isDay } from '../fed/banking-day.ts'
import { cashBalance, listCashDays, listMovements } from '../fed/cash.store.ts'
import { deleteFedFaults, insertFedFault, listFedFaults } from '../fed/fault.store.ts'
import { fedFaultKinds } from '../fed/fault.ts'
import type { Fed } from '../fed/fed.ts'
import type { Rule } from '../fed/outcome.ts'
import { deleteRules, insertRule, listRules } from '../fed/rule.store.ts'
import { centsToText } from '../money.ts'
import type { World } from '../world.ts'
import { readFedFault, readRule } from './read-fed.ts'
import { refuse } from './refuse.ts'

const SHOWN_DAYS = 90

const toRuleView = ({ id, createdAt, match, outcome, timesLeft }: Rule): object => {
  const { amount, ...texts } = match
  return {
    ...{ id, createdAt, outcome, timesLeft },
    match: { ...texts, ...(amount === undefined ? {} : { amount: centsToText(amount) }) },
  }
}

const ruleRoutes =
  (world: World): FastifyPluginAsync =>
  async (app) => {
    app.get('/rules', async () => ({ rules: (await listRules(world.sql)).map(toRuleView) }))

    app.post('/rules', async (request, reply) => {
      const rule = readRule(request.body, { id: world.newId(), createdAt: world.now() })
      if (typeof rule === 'string') return refuse(reply, 400, rule)
      await insertRule(world.sql, rule)
      return reply.code(201).send(toRuleView(rule))
    })

    app.delete('/rules', async () => ({ cleared: await deleteRules(world.sql) }))

    app.delete<{ Params: { id: string } }>('/rules/:id', async (request, reply) => {
      const cleared = await deleteRules(world.sql, request.params.id)
      return cleared > 0 ? reply.code(204).send() : refuse(reply, 404, 'there is no such rule')
    })
  }

const faultRoutes =
  (world: World, fed: Fed): FastifyPluginAsync =>
  async (app) => {
    app.get('/faults', async () => ({ kinds: fedFaultKinds, faults: await listFedFaults(world.sql) }))

    app.post('/faults', async (request, reply) => {
      const fault = readFedFault(request.body, { id: world.newId(), createdAt: world.now() })
      if (typeof fault === 'string') return refuse(reply, 400, fault)
      await insertFedFault(world.sql, fault)
      world.log.info({ kind: fault.kind, times: fault.timesLeft }, 'fault switched on at the bank')
      return reply.code(201).send(fault)
    })

    // A bank that is up again reads and writes what it could not, at once.
    app.delete<{ Querystring: { kind?: string } }>('/faults', async (request) => {
      const { kind } = request.query
      const cleared = await deleteFedFaults(world.sql, kind ? { kind } : {})
      return { cleared, wrote: await fed.catchUp() }
    })

    app.delete<{ Params: { id: string } }>('/faults/:id', async (request, reply) => {
      const cleared = await deleteFedFaults(world.sql, { id: request.params.id })
      if (cleared === 0) return refuse(reply, 404, 'there is no such fault')
      await fed.catchUp()
      return reply.code(204).send()
    })
  }

const cashRoutes =
  (world: World): FastifyPluginAsync =>
  async (app) => {
    app.get<{ Querystring: { from?: string; to?: string } }>('/cash', async (request, reply) => {
      // A settlement out of turn on a closed day is dated the next open one.
      const { to = addDays(easternDay(world.now()), 7), from = addDays(to, -SHOWN_DAYS) } = request.query
      if (!isDay(from) || !isDay(to)) return refuse(reply, 400, 'from and to are days, such as 2026-01-31')
      const days = await listCashDays(world.sql, from, to)
      const movements = await listMovements(world.sql, from, to)
      return {
        balance: centsToText(await cashBalance(world.sql)),
        days: days.map(({ day, opening, debits, credits, closing }) => ({
          ...{ day, opening: centsToText(opening), debits: centsToText(debits) },
          ...{ credits: centsToText(credits), closing: centsToText(closing) },
        })),
        movements: movements.map(({ at, day, kind, reference, amount, balance }) => ({
          ...{ at, day, kind, reference, amount: centsToText(amount), balance: centsToText(balance) },
        })),
      }
    })
  }

/** Rules, faults and cash of the originating bank and the Federal Reserve. */
export const fedRoutes =
  (world: World, fed: Fed): FastifyPluginAsync =>
  async (app) => {
    await app.register(ruleRoutes(world))
    await app.register(faultRoutes(world, fed))
    await app.register(cashRoutes(world))
  }
