import type { House } from '../house.ts'
import type { PaymentId } from '../kernel/id.ts'
import { readBalance } from '../linking/link.commands.ts'
import { findRetryable } from './payment.queries.ts'
import { endRetries, retryIfCovered } from './retry.commands.ts'

const budgetMs = 20_000

/**
 * The day of an automatic retry has come: the balance is read at the bank, then the payment is presented again or not.
 */
export async function retryLater(house: House, paymentId: PaymentId): Promise<void> {
  const askedAt = house.now()
  const account = await findRetryable(house, paymentId)
  if (!account) return
  await readBalance(house, account, budgetMs)
  await retryIfCovered(house, paymentId, askedAt)
}

/** The time in which a payment could have been presented again is over. */
export const giveUpRetry = (house: House, paymentId: PaymentId): Promise<void> => endRetries(house, paymentId)
