import { type Tx, transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { assert } from '../kernel/assert.ts'
import type { BankingDay } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import { books } from '../ledger/books.ts'
import { takeBalance } from '../ledger/ledger.store.ts'
import { takePayee } from './payee.store.ts'
import { mostPerPayout, type Payout, type PayoutId } from './payout.ts'
import { applyPayoutFacts, recordAccepted } from './payout-fact.commands.ts'
import { statementOf } from './payout-statement.ts'
import { findLastEntry, findLatest, hasFree, markFree, sumMovements } from './statement.store.ts'

/** There is nothing to pay out, or no way. Thrown, so that payments marked already are not. */
class Nothing extends Error {}

/** A payment was released between the look at the payments and the look at the balance. */
class Stirred extends Error {}

const mostTries = 5

/**
 * Makes a merchant's payout of a banking day: all that is available, with its statement, and the payments that it
 * contains. Undefined: there is nothing to pay out (less than the minimum, or the balance is negative and is carried),
 * no account, payouts are paused, the merchant is suspended, or this day or a later one has its payout. Locks the
 * merchant, then the payments, then the available account. Refuses: merchant_not_found.
 */
export async function makePayout(house: House, merchantId: MerchantId, day: BankingDay): Promise<Payout | undefined> {
  for (let tries = 1; ; tries++) {
    try {
      return await transact(house.sql, (tx) => makeNow(house, tx, merchantId, day))
    } catch (error) {
      if (error instanceof Nothing) return undefined
      if (!(error instanceof Stirred) || tries === mostTries) throw error
    }
  }
}

async function makeNow(house: House, tx: Tx, merchantId: MerchantId, day: BankingDay): Promise<Payout> {
  const payee = await takePayee(tx, merchantId)
  if (!payee.account || payee.paused || payee.suspended) throw new Nothing()
  const latest = await findLatest(tx, merchantId)
  if (latest && latest.day >= day) throw new Nothing()
  const id: PayoutId = house.newId()
  // Before the account: whoever moves a payment locks it, too, before the accounts that it moves money between.
  await markFree(tx, merchantId, id)
  const balance = await takeBalance(tx, books.available(merchantId))
  if (balance < payee.minimum.minor) throw new Nothing()
  // Nothing comes to the account from here on. What came since the payments were marked would be paid out unmarked.
  if (await hasFree(tx, merchantId)) throw new Stirred()
  const lastEntry = await findLastEntry(tx, merchantId)
  const period = { merchantId, afterEntry: latest?.acceptedEntry ?? 0n, lastEntry }
  const rest = balance > mostPerPayout.minor ? balance - mostPerPayout.minor : 0n
  const amount = balance - rest
  const carried = latest?.carried ?? 0n
  const lines = statementOf(await sumMovements(tx, period), { balance, carried, amount })
  const draft: Payout = {
    ...{ id, ...period, amount: Money.of(amount), day, presentment: 1, moves: 0, account: payee.account },
    ...{ periodFrom: latest?.createdAt ?? null, effectiveOn: null, settledOn: null, createdAt: house.now() },
    status: 'drafted',
  }
  return recordAccepted(house, tx, draft, lines)
}

/**
 * An operator stops a payout that is in no file yet; the money is available again and goes with the next day's payout.
 * Refuses: payout_not_found, payout_not_movable.
 */
export function cancelPayout(house: House, id: PayoutId, by: string): Promise<Payout> {
  return transact(house.sql, async (tx) => {
    const [known] = await tx`select id from payout where id = ${id}`
    if (!known) throw new Refusal('payout_not_found')
    const { moved, unfit } = await applyPayoutFacts(house, tx, [id], () => ({ kind: 'canceled', by }))
    if (unfit[0]) throw new Refusal('payout_not_movable', { from: unfit[0].status, fact: 'canceled' })
    assert(moved[0], 'a payout that fits is moved')
    return moved[0].after
  })
}
