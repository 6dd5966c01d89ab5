import { type Tx, transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { clear, raise } from '../rails/ach/alert.commands.ts'
import type { ReturnRates } from './return-rate.queries.ts'
import { countDiary, findBeginning, insertThresholds, takeCountedUntil } from './return-rate.store.ts'
import {
  isAlarming,
  type Judged,
  percent,
  percentOfBps,
  type Rate,
  rates,
  type Thresholds,
  worse,
} from './return-rate.ts'
import {
  insertStanding,
  listStandings,
  saveHold,
  saveHoldsOnRates,
  takeHold,
  wasDecidedSince,
} from './return-rate-standing.store.ts'

/** A transaction that was begun before this long has ended: its lines can be seen. */
const writtenWithinMs = 10 * 60_000
const dayMs = 24 * 60 * 60_000

/**
 * Counts what the diary tells of since it was last counted, up to ten minutes ago, a day at a time. Each line counts
 * once, however often this is done and by however many at once.
 */
export async function countReturns(house: House): Promise<void> {
  const end = house.now().getTime() - writtenWithinMs
  for (let counted = false; !counted; )
    counted = await transact(house.sql, async (tx) => {
      const known = await takeCountedUntil(tx)
      const first = known ?? (await findBeginning(tx))
      if (!first) return true
      const from = known?.getTime() ?? first.getTime() - dayMs
      if (from >= end) return true
      const until = Math.min(from + dayMs, end)
      await countDiary(tx, new Date(from), new Date(until))
      return until === end
    })
}

const alertKey = (merchantId: MerchantId | null, rate: Rate): string =>
  `return-rate:${merchantId ?? 'platform'}:${rate}`

/**
 * Compares a merchant's rates, or the platform's, with how they stood. What has changed is written down and logged; an
 * operator is told of a warning and of an excess, and no longer when that is over. A merchant whose rate is exceeded
 * has its new debits held, if that was set, unless a person has let them go since it was exceeded.
 */
export function judgeReturnRates(house: House, read: ReturnRates): Promise<void> {
  const { merchantId } = read
  const now = rates.map((rate) =>
    read.spans.flatMap(({ judged }) => judged.filter((one) => one.rate === rate)).reduce(worse),
  )
  return transact(house.sql, async (tx) => {
    const hold = merchantId ? await takeHold(tx, merchantId) : undefined
    const before = await listStandings(tx, merchantId)
    const subject = hold ? `${hold.name} (${merchantId})` : 'The platform'
    let exceededSince: Date | undefined
    for (const judged of now) {
      const stood = before.find(({ rate }) => rate === judged.rate)
      const isSame = stood ? stood.standing === judged.standing : !isAlarming(judged.standing)
      if (!isSame) await change(house, tx, merchantId, judged, says(subject, judged, read.thresholds))
      if (judged.standing === 'exceeded') {
        const since = isSame && stood ? stood.since : house.now()
        exceededSince = exceededSince && exceededSince > since ? exceededSince : since
      }
    }
    if (!merchantId || !hold?.holds || hold.heldSince || !exceededSince) return
    if (await wasDecidedSince(tx, merchantId, exceededSince)) return
    const why = 'a return rate is exceeded'
    await saveHold(tx, merchantId, { id: house.newId(), did: 'held', by: 'rialto', why, at: house.now() })
    house.log.warn({ merchantId }, 'new debits are held')
  })
}

async function change(
  house: House,
  tx: Tx,
  merchantId: MerchantId | null,
  judged: Judged,
  sentence: string,
): Promise<void> {
  const at = house.now()
  await insertStanding(tx, merchantId, judged, { id: house.newId(), at })
  const { rate, standing, span, returns, debits } = judged
  house.log.warn({ merchantId, rate, standing, span, returns, debits }, 'a return rate stands otherwise')
  const key = alertKey(merchantId, rate)
  await clear(tx, key, at)
  if (isAlarming(standing)) await raise(tx, { id: house.newId(), key, says: sentence, at })
}

const spanWords = { sixty_days: 'the last sixty days', two_months: 'the last two calendar months' } as const
const rateWords = {
  unauthorized: 'as unauthorized',
  administrative: 'for account data that was wrong',
  overall: 'for any reason',
} as const

function says(subject: string, { rate, span, returns, debits, standing }: Judged, { bps }: Thresholds): string {
  const limit = percentOfBps(bps[rate])
  const end = standing === 'exceeded' ? `more than the ${limit} % allowed.` : `at least half of the ${limit} % allowed.`
  return `${subject}: of ${debits} debits of ${spanWords[span]}, ${returns} came back ${rateWords[rate]}: ${percent(returns, debits)} %, ${end}`
}

/** Whether a merchant's new debits are held when a rate is exceeded. Refuses: merchant_not_found. */
export function holdWhenExceeded(house: House, merchantId: MerchantId, holds: boolean): Promise<void> {
  return transact(house.sql, async (tx) => {
    await takeHold(tx, merchantId)
    await saveHoldsOnRates(tx, merchantId, holds)
  })
}

/**
 * A person lets a merchant's debits go again. Those that were held wait for the merchant's release; new ones are not
 * held any more, until a rate is exceeded anew. Refuses: merchant_not_found, debits_not_held.
 */
export function liftHold(house: House, merchantId: MerchantId, lifted: { by: string; why: string }): Promise<void> {
  return transact(house.sql, async (tx) => {
    const { heldSince } = await takeHold(tx, merchantId)
    if (!heldSince) throw new Refusal('debits_not_held')
    await saveHold(tx, merchantId, { id: house.newId(), did: 'lifted', ...lifted, at: house.now() })
    house.log.warn({ merchantId, by: lifted.by }, 'new debits are no longer held')
  })
}

/** Thresholds that hold from a day on. Refuses: invalid_request (others begin on that day). */
export async function addThresholds(house: House, thresholds: Thresholds): Promise<void> {
  if (await insertThresholds(house.sql, thresholds)) return
  const message = 'is a day on which thresholds begin already; they never change: choose another day'
  throw new Refusal('invalid_request', { errors: [{ pointer: '/from', code: 'used', message }] })
}
