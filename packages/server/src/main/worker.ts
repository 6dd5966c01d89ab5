import { setTimeout as sleep } from 'node:timers/promises'
import { forgetExpired } from '../access/access.commands.ts'
import { startTicker } from '../agenda/ticker.ts'
import type { House } from '../house.ts'
import { forgetOldAnswers } from '../http/idempotency.ts'
import { startJobs } from '../jobs/runner.ts'
import type { TaskList } from '../jobs/tasks.ts'
import { expire } from '../linking/flow.commands.ts'
import { revokeAtBank } from '../linking/link.commands.ts'
import { decideLater, giveUpDeciding } from '../payments/payment.jobs.ts'

const heartbeatMs = 5_000
const sweepMs = 10 * 60_000

/** Every task and who does it. */
export const taskList = (house: House): TaskList => ({
  'decide-payment': ({ paymentId }) => decideLater(house, paymentId),
  'give-up-deciding': ({ paymentId }) => giveUpDeciding(house, paymentId),
  'expire-session': ({ sessionId }) => expire(house, sessionId),
  'revoke-at-bank': ({ linkId }) => revokeAtBank(house, linkId),
})

/** Takes jobs, hands over what is due, says that it is alive, sweeps what has expired. */
export async function startWorker(house: House, databaseUrl: string): Promise<{ stop(): Promise<void> }> {
  const id = house.newId<'worker'>()
  const stopping = new AbortController()
  const beat = async () => {
    await house.sql`insert into worker_seen (id, seen_at) values (${id}, clock_timestamp())
      on conflict (id) do update set seen_at = excluded.seen_at`
  }
  const every = async (ms: number, work: () => Promise<unknown>) => {
    while (!stopping.signal.aborted) {
      await work().catch((error: unknown) => house.log.error({ err: error, part: 'worker' }, 'a round failed'))
      await sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  await beat()
  const ticker = startTicker(house)
  const jobs = await startJobs(databaseUrl, taskList(house), house.log)
  const rounds = [every(heartbeatMs, beat), every(sweepMs, () => sweep(house))]
  return {
    async stop() {
      stopping.abort()
      await Promise.all([ticker.stop(), jobs.stop(), ...rounds])
      await house.sql`delete from worker_seen where id = ${id}`
    },
  }
}

const sweep = (house: House) =>
  Promise.all([
    forgetExpired(house),
    forgetOldAnswers(house),
    house.sql`delete from worker_seen where seen_at < clock_timestamp() - interval '1 hour'`,
  ])
