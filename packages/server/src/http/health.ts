import type { FastifyPluginAsync } from 'fastify'
import { pendingMigrations } from '../db/migrate.ts'
import type { House } from '../house.ts'

/** A worker that was not seen for this long is gone. Real time, as the database tells it. */
const workerGoneMs = 30_000

/** `/health`: this process is alive. `/ready`: it can do its work. For load balancers; they say nothing else. */
export const healthRoutes =
  (house: House): FastifyPluginAsync =>
  async (app) => {
    app.get('/health', { schema: { hide: true } }, async () => ({ status: 'alive' }))
    app.get('/ready', { schema: { hide: true } }, async (_request, reply) => {
      const checks = await readiness(house)
      const ready = Object.values(checks).every(Boolean)
      return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks })
    })
  }

async function readiness(house: House): Promise<{ database: boolean; migrations: boolean; worker: boolean }> {
  try {
    const pending = await pendingMigrations(house.sql)
    if (pending.length > 0) return { database: true, migrations: false, worker: false }
    const [row] = await house.sql<{ seen: boolean }[]>`
      select exists (select 1 from worker_seen
        where seen_at > clock_timestamp() - ${workerGoneMs} * interval '1 millisecond') as seen`
    return { database: true, migrations: true, worker: row?.seen ?? false }
  } catch {
    return { database: false, migrations: false, worker: false }
  }
}
