import { setTimeout as sleep } from 'node:timers/promises'
import { forgetExpired } from '../access/access.commands.ts'
import { startTicker } from '../agenda/ticker.ts'
import type { House } from '../house.ts'
import { forgetOldAnswers } from '../http/idempotency.ts'
import { openFirstHand } from '../jobs/first-hand.ts'
import { freeForgottenJobs, freeLostJobs } from '../jobs/lost.ts'
import { type RunnerOptions, startJobs } from '../jobs/runner.ts'
import type { TaskList } from '../jobs/tasks.ts'
import { asBankingDay, asDay } from '../kernel/banking-day.ts'
import { expire } from '../linking/flow.commands.ts'
import { revokeAtBank } from '../linking/link.commands.ts'
import { releaseFunds } from '../payments/funds.jobs.ts'
import { decideLater, giveUpDeciding } from '../payments/payment.jobs.ts'
import { giveUpRetry, retryLater } from '../payments/retry.jobs.ts'
import { disbursePayments, runPayoutsOfDay, schedulePayouts } from '../payouts/payout.jobs.ts'
import type { PayoutId } from '../payouts/payout.ts'
import type { AchFileId } from '../rails/ach/ach-file.ts'
import { buildFile } from '../rails/ach/build-file.jobs.ts'
import { runCutOff } from '../rails/ach/cut-off.jobs.ts'
import { applyReports, collectReports } from '../rails/ach/report.jobs.ts'
import { scheduleRails } from '../rails/ach/schedule.commands.ts'
import { missAcknowledgment, sendFile } from '../rails/ach/send-file.jobs.ts'
import { deliverReport } from '../reports/deliver-report.jobs.ts'
import { makeReport } from '../reports/make-report.jobs.ts'
import { makeReports, scheduleReports } from '../reports/make-reports.jobs.ts'
import type { ReportId } from '../reports/report.ts'
import { forgetOldRequests } from '../requests/api-request.commands.ts'
import { scheduleWatch, watchReturnRates } from '../risk/return-rate.jobs.ts'
import { inTurn } from '../simulations/in-turn.ts'
import type { TurnableClock } from '../simulations/turnable-clock.ts'
import type { EndpointId } from '../webhooks/endpoint.ts'
import { startNumbering } from '../webhooks/event.numberer.ts'
import { openLaneDesk } from '../webhooks/lane.desk.ts'
import { deliverEvents } from '../webhooks/lane.jobs.ts'
import { keepEvents } from '../webhooks/retention.jobs.ts'
import { mailTrouble } from '../webhooks/trouble-mail.jobs.ts'

/** It says this often that it is alive; whoever has not said so for so long is gone. */
export type Pulse = Readonly<{ everyMs: number; goneMs: number }>
const calm: Pulse = { everyMs: 5_000, goneMs: 30_000 }
const tickMs = 500
const jobsAtOnce = 8
/**
 * An endpoint that hangs holds a place for as long as it may take, so there are many: for lanes that are found, and as
 * many for those whose event this worker has just given its place. Each has up to 16 of the outbound's 1,024
 * connections.
 */
const lanesAtOnce = 24
const sweepMs = 10 * 60_000

/** Every task and who does it. */
export function taskList(house: House): TaskList {
  const lanes = openLaneDesk(house)
  return {
    'decide-payment': ({ paymentId }) => decideLater(house, paymentId),
    'give-up-deciding': ({ paymentId }) => giveUpDeciding(house, paymentId),
    'retry-payment': ({ paymentId }) => retryLater(house, paymentId),
    'give-up-retry': ({ paymentId }) => giveUpRetry(house, paymentId),
    'expire-session': ({ sessionId }) => expire(house, sessionId),
    'revoke-at-bank': ({ linkId }) => revokeAtBank(house, linkId),
    'cut-off': ({ bankId, cutOffAt }) => runCutOff(house, bankId, new Date(cutOffAt)),
    'build-file': ({ fileId }) => buildFile(house, fileId as AchFileId),
    'send-file': ({ fileId }) => sendFile(house, fileId as AchFileId),
    'miss-acknowledgment': ({ fileId }) => missAcknowledgment(house, fileId as AchFileId),
    'collect-reports': ({ bankId }) => collectReports(house, bankId),
    'apply-reports': ({ bankId }) => applyReports(house, bankId),
    'release-funds': ({ day }) => releaseFunds(house, asDay(day)),
    'run-payouts': ({ day }) => runPayoutsOfDay(house, asBankingDay(day)),
    'disburse-payments': ({ payoutId }) => disbursePayments(house, payoutId as PayoutId),
    'make-reports': ({ day }) => makeReports(house, asDay(day)),
    'make-report': ({ reportId }) => makeReport(house, reportId as ReportId),
    'deliver-report': ({ reportId }) => deliverReport(house, reportId as ReportId),
    'watch-return-rates': () => watchReturnRates(house),
    'keep-events': () => keepEvents(house),
    'mail-trouble': (payload) => mailTrouble(house, { ...payload, endpointId: payload.endpointId as EndpointId }),
    'deliver-events': ({ endpointId }, held) => deliverEvents(house, lanes, endpointId as EndpointId, held),
  }
}

/**
 * Takes jobs, hands over what is due, says that it is alive, sweeps what has expired. With a clock that is being
 * advanced, whoever advances it hands over, and jobs are done one after another.
 */
export async function startWorker(
  house: House,
  databaseUrl: string,
  clock?: TurnableClock,
  pulse = calm,
): Promise<{ stop(): Promise<void> }> {
  const stopping = new AbortController()
  const beat = async () => {
    for (const { id, pool } of Object.values(runners))
      await house.sql`insert into worker_seen (id, seen_at, pool) values (${id}, clock_timestamp(), ${pool})
        on conflict (id) do update set seen_at = excluded.seen_at`
    await freeLostJobs(house.sql, pulse.goneMs)
    for (const { pool, atWork } of Object.values(runners))
      await freeForgottenJobs(house.sql, { pool, atWork: atWork() }, pulse.goneMs)
  }
  const every = async (ms: number, work: () => Promise<unknown>) => {
    while (!stopping.signal.aborted) {
      await work().catch((error: unknown) => house.log.error({ err: error, part: 'worker' }, 'a round failed'))
      await sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined)
    }
  }
  await scheduleRails(house)
  await schedulePayouts(house)
  await scheduleReports(house)
  await scheduleWatch(house)
  await keepEvents(house)
  const isAdvanced = () => clock !== undefined && clock.read().advance !== null
  const ticker = startTicker(house, tickMs, isAdvanced)
  const beforeEach = clock && inTurn(house.sql, clock)
  const runners = await startRunners(house, databaseUrl, beforeEach ? { beforeEach } : {})
  const firstHand = openFirstHand(house, runners.lanes, 'deliver-events', lanesAtOnce)
  await beat()
  const numbering = startNumbering(house, firstHand, isAdvanced)
  const rounds = [every(pulse.everyMs, beat), every(sweepMs, () => sweep(house))]
  return {
    async stop() {
      stopping.abort()
      const lanes = numbering.stop().then(firstHand.stop)
      await Promise.all([ticker.stop(), lanes, runners.others.stop(), runners.lanes.stop(), ...rounds])
      await house.sql`delete from worker_seen where id = any(${Object.values(runners).map(({ id }) => id)})`
    },
  }
}

/** Lanes have places of their own: however many receivers hang, everything else goes on. */
async function startRunners(house: House, databaseUrl: string, how: Pick<RunnerOptions, 'beforeEach'>) {
  const { 'deliver-events': deliver, ...rest } = taskList(house)
  const tasks = { 'deliver-events': deliver }
  const [others, lanes] = await Promise.all([
    startJobs(databaseUrl, rest, house.log, { ...how, concurrency: jobsAtOnce }),
    startJobs(databaseUrl, tasks, house.log, { ...how, concurrency: lanesAtOnce, lightly: true }),
  ])
  const id = () => house.newId<'worker'>()
  return { others: { ...others, id: id() }, lanes: { ...lanes, id: id() } }
}

const sweep = (house: House) =>
  Promise.all([
    forgetExpired(house),
    forgetOldAnswers(house),
    forgetOldRequests(house),
    house.sql`delete from worker_seen where seen_at < clock_timestamp() - interval '1 hour'`,
  ])
