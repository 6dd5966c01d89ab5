import type { FastifyPluginAsync } from 'fastify'
import type { Fed } from '../fed/fed.ts'
import type { World } from '../world.ts'
import { partsOf, refuse } from './refuse.ts'

const LONGEST_TURN_MS = 10 * 366 * 86_400_000

type Turn = Readonly<{ to: Date | undefined; standing: boolean | undefined }>

/** Reads the body of PUT /control/clock. A string is what is wrong with it. */
function readTurn(body: unknown, now: Date): Turn | string {
  const { now: given, standing } = partsOf(body)
  if (standing !== undefined && typeof standing !== 'boolean') return 'standing is true or false'
  if (given === undefined)
    return standing === undefined ? 'the body has now, standing or both' : { to: undefined, standing }
  const to =
    typeof given === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(given) ? new Date(given) : undefined
  if (!to || Number.isNaN(to.getTime())) return 'now is an instant, such as 2026-01-05T13:30:00.000Z'
  return to.getTime() - now.getTime() > LONGEST_TURN_MS ? 'the clock turns at most ten years at once' : { to, standing }
}

/** The clock of the pretend world. */
export const clockRoutes =
  (world: World, fed: Fed): FastifyPluginAsync =>
  async (app) => {
    const view = async () => {
      const { now, standing, nextDueAt } = await fed.clock()
      return { now: now.toISOString(), standing, nextDueAt: nextDueAt?.toISOString() ?? null }
    }

    app.get('/clock', view)

    app.put('/clock', async (request, reply) => {
      const turn = readTurn(request.body, world.now())
      if (typeof turn === 'string') return refuse(reply, 400, turn)
      const wrote = await fed.turn(turn)
      if (wrote === undefined)
        return refuse(reply, 409, `the clock shows ${world.now().toISOString()} and never turns back`)
      return { ...(await view()), wrote }
    })
  }
