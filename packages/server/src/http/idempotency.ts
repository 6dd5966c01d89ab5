import { createHash } from 'node:crypto'
import type { House } from '../house.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { errorBody, invalid, statusOf } from './errors.ts'

/** A process that died while it held a key delays the next try with it by this much. */
const claimMs = 30_000
/** Answers are kept this long. */
const keepAnswersMs = 7 * 24 * 60 * 60_000

export type Answer = Readonly<{ status: number; body: string }>

/**
 * Gives the same request the same answer; `success` is the status of a good one. `run` is told whether an earlier try
 * may have got as far as its effect without its answer being stored. Our own failures (5xx) are not stored: the request
 * may be tried again.
 * Refuses: idempotency_conflict (other body), idempotency_running.
 */
export async function replayable(
  house: House,
  request: { merchantId: MerchantId; key: string; body: unknown; requestId: string },
  run: (triedBefore: boolean) => Promise<unknown>,
  success = 200,
): Promise<Answer & { replayed: boolean }> {
  const { merchantId, key } = request
  if (key.length < 1 || key.length > 255)
    throw invalid({ pointer: 'Idempotency-Key', code: 'length', message: 'must have 1 to 255 characters' })
  const bodyHash = createHash('sha256').update(JSON.stringify(request.body)).digest('base64url')
  const claim = await claimKey(house, merchantId, key, bodyHash)
  if (claim.kind === 'answered') return { ...claim.answer, replayed: true }
  const answer = await run(claim.triedBefore)
    .then(
      (value): Answer => ({ status: success, body: JSON.stringify(value) }),
      (error: unknown): Answer => {
        if (!(error instanceof Refusal)) throw error
        return { status: statusOf(error.code), body: JSON.stringify(errorBody(house, error, request.requestId)) }
      },
    )
    .catch(async (error: unknown) => {
      // Not the caller's doing: the key is free again.
      await house.sql`delete from idempotency where merchant_id = ${merchantId} and key = ${key} and status is null`
      throw error
    })
  await house.sql`update idempotency set status = ${answer.status}, body = ${answer.body}
    where merchant_id = ${merchantId} and key = ${key}`
  return { ...answer, replayed: false }
}

type Claim = { kind: 'answered'; answer: Answer } | { kind: 'ours'; triedBefore: boolean }

async function claimKey(house: House, merchantId: MerchantId, key: string, bodyHash: string): Promise<Claim> {
  const at = house.realNow()
  const stale = new Date(at.getTime() - claimMs)
  const claimed = await house.sql<{ fresh: boolean }[]>`
    insert into idempotency as i (merchant_id, key, body_hash, claimed_at)
    values (${merchantId}, ${key}, ${bodyHash}, ${at})
    on conflict (merchant_id, key) do update set claimed_at = excluded.claimed_at
      where i.status is null and i.claimed_at < ${stale} and i.body_hash = excluded.body_hash
    returning (xmax = 0) as fresh`
  if (claimed[0]) return { kind: 'ours', triedBefore: !claimed[0].fresh }
  const [row] = await house.sql<{ body_hash: string; status: number | null; body: string | null }[]>`
    select body_hash, status, body from idempotency where merchant_id = ${merchantId} and key = ${key}`
  if (row && row.body_hash !== bodyHash) throw new Refusal('idempotency_conflict')
  if (!row || row.status === null || row.body === null) throw new Refusal('idempotency_running')
  return { kind: 'answered', answer: { status: row.status, body: row.body } }
}

/** Forgets answers older than a week, a thousand at a time. */
export async function forgetOldAnswers(house: House): Promise<void> {
  const old = new Date(house.realNow().getTime() - keepAnswersMs)
  await house.sql`delete from idempotency where (merchant_id, key) in (
    select merchant_id, key from idempotency where claimed_at < ${old} limit 1000)`
}
