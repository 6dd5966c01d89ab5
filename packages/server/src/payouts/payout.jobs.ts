import { remind } from '../agenda/agenda.commands.ts'
import { type Tx, transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { addBankingDays, atEastern, type BankingDay, easternDay, onOrAfter } from '../kernel/banking-day.ts'
import type { MerchantId, PaymentId } from '../kernel/id.ts'
import { releaseUntil } from '../payments/funds.jobs.ts'
import { applyFacts } from '../payments/payment-fact.commands.ts'
import { clear, raise } from '../rails/ach/alert.commands.ts'
import { listPayees } from './payee.store.ts'
import { makePayout } from './payout.commands.ts'
import { holdSettled, saveDisbursed } from './payout.store.ts'
import type { PayoutId } from './payout.ts'
import { listUntold } from './statement.store.ts'

/** After the last of the day's reports has been read, well before the evening's cut-off. */
const runAt = '17:00'

const runKey = 'payouts:run'

const page = 200
const chunk = 2_000

/** Puts the next run on the agenda. */
async function remindOfPayouts(tx: Tx, after: Date): Promise<void> {
  let day = onOrAfter(easternDay(after))
  if (atEastern(day, runAt) <= after) day = addBankingDays(day, 1)
  await remind(tx, atEastern(day, runAt), 'run-payouts', { day }, runKey)
}

/** Puts the run on the agenda, unless it is there: called when a worker starts. */
export function schedulePayouts(house: House): Promise<void> {
  return transact(house.sql, async (tx) => {
    const known = await tx`select key from agenda where key = ${runKey}`
    if (known.length === 0) await remindOfPayouts(tx, house.now())
  })
}

/** The evening of a banking day: the next run is put on the agenda, then everybody is paid out. */
export async function runPayoutsOfDay(house: House, day: BankingDay): Promise<void> {
  await transact(house.sql, (tx) => remindOfPayouts(tx, house.now()))
  const { failed } = await runPayouts(house, day)
  // The runner tries again: those who were paid out are left alone.
  if (failed > 0) throw new Error(`the payouts of ${failed} merchants failed`)
}

/**
 * Releases what has been held until this day, then makes every merchant's payout, each in a transaction of its own. One
 * that fails does not stop the others: an operator is told. Cut off anywhere, it goes on where it stopped; run again,
 * it pays nobody twice.
 */
export async function runPayouts(house: House, day: BankingDay): Promise<{ made: number; failed: number }> {
  await releaseUntil(house, day)
  let made = 0
  let failed = 0
  for (let after: MerchantId | null = null; ; ) {
    const payees: MerchantId[] = await listPayees(house.sql, day, after, page)
    for (const merchantId of payees) {
      try {
        if (await makePayout(house, merchantId, day)) made++
        await transact(house.sql, (tx) => clear(tx, failedKey(merchantId), house.now()))
      } catch (error) {
        failed++
        await fail(house, merchantId, error)
      }
    }
    after = payees.at(-1) ?? null
    if (payees.length < page) return { made, failed }
  }
}

const failedKey = (merchantId: MerchantId): string => `payout-failed:${merchantId}`

async function fail(house: House, merchantId: MerchantId, error: unknown): Promise<void> {
  house.log.error({ err: error, merchantId }, 'a payout could not be made')
  const says = `Merchant ${merchantId} could not be paid out; the others were. The log says why. It is tried again.`
  await transact(house.sql, (tx) => raise(tx, { id: house.newId(), key: failedKey(merchantId), says, at: house.now() }))
}

/**
 * A payout has settled: each payment that it contains has reached the merchant, and is told so, some thousands at a
 * time. One that came back meanwhile is left alone. Stops when the payout itself came back. May be repeated.
 */
export async function disbursePayments(house: House, payoutId: PayoutId): Promise<void> {
  for (let more = true; more; )
    more = await transact(house.sql, async (tx) => {
      if (!(await holdSettled(tx, payoutId))) return false
      const ids = await listUntold<PaymentId>(tx, payoutId, chunk)
      // The bank may have taken one back between the look and the lock: it is unfit, and no longer listed.
      if (ids.length > 0) await applyFacts(house, tx, ids, () => ({ kind: 'disbursed', payoutId }))
      else await saveDisbursed(tx, payoutId, house.now())
      return ids.length > 0
    })
}
