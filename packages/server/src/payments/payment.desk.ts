import { setTimeout as sleep } from 'node:timers/promises'
import { gather } from '../db/gather.ts'
import type { House } from '../house.ts'
import { assert } from '../kernel/assert.ts'
import type { AccountId } from '../kernel/id.ts'
import { readBalance } from '../linking/link.commands.ts'
import { KeyTaken, type NewPayment, recordPayments } from './payment.commands.ts'
import type { Payer } from './payment.store.ts'
import type { Payment } from './payment.ts'

export type PaymentDesk = Readonly<{
  /**
   * Records and decides a payment, with the balance at the bank when the one on file is too old. Answers at the latest
   * when the balance budget is over: the payment is then PENDING and decided by a job.
   * Refuses: request_key_used (with existingPaymentId), customer_not_found, customer_not_active.
   */
  create(input: Omit<NewPayment, 'askedAt' | 'balanceLate'>): Promise<Payment>
}>

/**
 * Where payments are asked for. Those that arrive together share a transaction and, for one account, a balance read.
 */
export function openPaymentDesk(house: House): PaymentDesk {
  const together = gather((items: readonly NewPayment[]) => recordPayments(house, items), { most: 64, lanes: 2 })
  const record = (item: NewPayment) =>
    together(item).catch((error: unknown) => {
      if (error instanceof KeyTaken) return together(item)
      throw error
    })
  const reading = new Map<AccountId, Promise<boolean>>()

  /** Whether the bank told anything within the budget: a balance, or that the account is gone. */
  function askBank(payer: Payer): Promise<boolean> {
    const { accountId, customerId, linkId, accountRef } = payer
    assert(accountId && linkId, 'a balance is wanted of an account')
    const under = reading.get(accountId)
    if (under) return under
    const { balanceBudgetMs } = house.settings
    const read = readBalance(house, { id: accountId, customerId, linkId, ref: accountRef }, balanceBudgetMs)
      .then(({ kind }) => kind !== 'bank_unavailable')
      .catch((error: unknown) => {
        house.log.error({ err: error, accountId }, 'a balance could not be read')
        return false
      })
    // A token that is being refreshed must not be abandoned: that call goes on, but nobody waits for it any longer.
    const answer = Promise.race([read, sleep(balanceBudgetMs, false, { ref: false })]).finally(() =>
      reading.delete(accountId),
    )
    reading.set(accountId, answer)
    return answer
  }

  return {
    async create(input) {
      const item = { ...input, askedAt: house.now() }
      const first = await record({ ...item, balanceLate: false })
      if (first.kind === 'recorded') return first.payment
      const told = await askBank(first.payer)
      const second = await record({ ...item, balanceLate: !told })
      if (second.kind === 'recorded') return second.payment
      // The reading we shared was already too old for this merchant's rule: the job reads a newer one.
      const third = await record({ ...item, balanceLate: true })
      assert(third.kind === 'recorded', 'a payment that waits for its balance is recorded')
      return third.payment
    },
  }
}
