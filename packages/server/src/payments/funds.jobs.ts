import { remind } from '../agenda/agenda.commands.ts'
import { type Tx, transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { addBankingDays, atEastern, type Day, easternDay, onOrAfter } from '../kernel/banking-day.ts'
import { applyTo } from './payment-fact.commands.ts'
import { takeToRelease } from './payment-move.store.ts'

const chunk = 2_000

/** After the night's settlements, before the day's payouts. */
const releaseAt = '09:15'

/** Puts the next release of funds on the agenda. */
export async function remindOfRelease(tx: Tx, after: Date): Promise<void> {
  let day = onOrAfter(easternDay(after))
  if (atEastern(day, releaseAt) <= after) day = addBankingDays(day, 1)
  await remind(tx, atEastern(day, releaseAt), 'release-funds', { day }, 'funds:release')
}

/** Settled payments whose hold ends on or before this day become the merchants' to have. May be repeated. */
export async function releaseFunds(house: House, day: Day): Promise<void> {
  await transact(house.sql, (tx) => remindOfRelease(tx, house.now()))
  await releaseUntil(house, day)
}

export async function releaseUntil(house: House, day: Day): Promise<void> {
  // A full chunk may come out smaller: somebody has moved a payment since it was found.
  for (let released = chunk; released > 0; ) {
    released = await transact(house.sql, async (tx) => {
      const payments = await takeToRelease(tx, day, chunk)
      const [first] = payments
      if (!first) return 0
      const id = `funds:${day}:${first.id}:${first.moves}`
      await applyTo(house, tx, payments, () => ({ kind: 'funds_released' }), { id, day })
      return payments.length
    })
  }
}
