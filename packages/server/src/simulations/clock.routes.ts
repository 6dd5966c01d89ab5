import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { errors } from '../http/wire.ts'
import { advanceFor, readClock, standStill } from './clock.commands.ts'
import {
  AdvanceBody,
  AdvancedWire,
  advancedToWire,
  advanceFromWire,
  ClockWire,
  clockToWire,
  StandBody,
} from './clock.wire.ts'
import type { SimulationParts } from './simulation-parts.ts'

/** House time, to be read and turned. An advance goes on when the one who asked for it has gone. */
export const clockRoutes =
  (parts: SimulationParts): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { house, clock } = parts
    const stopping = new AbortController()
    const underWay = new Set<Promise<unknown>>()
    const show = async () => {
      const { reading, nextDueAt } = await readClock(parts)
      return clockToWire(reading, nextDueAt)
    }
    app.addHook('preClose', async () => {
      stopping.abort()
      await Promise.allSettled(underWay)
    })

    app.get(
      '/v1/sandbox/clock',
      {
        config: { scope: 'any' },
        schema: {
          operationId: 'getClock',
          summary: 'Read the clock, and how far an advance is',
          tags: ['Sandbox'],
          response: { 200: ClockWire, ...errors(401, 403, 500) },
        },
      },
      show,
    )

    app.put(
      '/v1/sandbox/clock',
      {
        config: { scope: 'any' },
        schema: {
          operationId: 'setClock',
          summary: 'Make the clock stand, or let it run on',
          tags: ['Sandbox'],
          body: StandBody,
          response: { 200: ClockWire, ...errors(400, 401, 403, 409, 500, 503) },
        },
      },
      async ({ body }) => {
        await standStill(parts, body.standing)
        return show()
      },
    )

    app.post(
      '/v1/sandbox/clock/advance',
      {
        config: { scope: 'any' },
        schema: {
          operationId: 'advanceClock',
          summary: 'Move time forward: everything that is due on the way happens, in order',
          tags: ['Sandbox'],
          body: AdvanceBody,
          response: { 200: AdvancedWire, ...errors(400, 401, 403, 404, 409, 500, 503) },
        },
      },
      async ({ body, caller, id }) => {
        await clock.refresh()
        const wish = advanceFromWire(body, clock.now())
        const advancing = advanceFor(parts, caller.merchantId, wish, stopping.signal)
        underWay.add(advancing)
        const advanced = await advancing.finally(() => underWay.delete(advancing))
        const { from, now, steps, jobs, failedJobs } = advanced
        house.log.info({ requestId: id, from, now, steps, jobs, failedJobs }, 'the clock was advanced')
        return advancedToWire(advanced)
      },
    )
  }
