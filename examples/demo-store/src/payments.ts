import { dollars, type Rialto, RialtoApiError, RialtoError, type Transaction } from '@rialto/node-sdk'
import type { Database } from './database.ts'
import type { Cents } from './money.ts'
import { type Attempt, latestAttempt, type Outcome, orderNumber, orderTotal, recordOutcome } from './orders.ts'
import { whyOf } from './platform.ts'

const sentences: readonly [RegExp, string][] = [
  [/24.hour|within 24 hours/i, 'You have reached what you can pay by bank within a day.'],
  [/greater than the limit|limit exceeded|over.*limit/i, 'This is more than your bank lets you pay in one payment.'],
  [/insufficient|\bR01\b|\bR09\b/i, 'There was not enough money in the account.'],
  [/\bR02\b|\bR03\b|\bR04\b|closed/i, 'The bank says that this account is closed or cannot be found.'],
  [/\bR07\b|\bR10\b|\bR29\b|revoked|not authorized|unauthorized/i, 'This payment was not authorized at your bank.'],
  [/\bR08\b|stop/i, 'A stop was placed on this payment at your bank.'],
]

/** The platform's reason, as a customer would say it. */
export const inPlainWords = (code: string, message: string): string =>
  sentences.find(([pattern]) => pattern.test(`${code} ${message}`))?.[1] ?? 'Your bank did not approve this payment.'

const statusOf: Readonly<Record<string, Attempt['status']>> = {
  CREATED: 'pending',
  PENDING: 'pending',
  TERMINAL_FAILED: 'failed',
  RETRYABLE_FAILED: 'failed',
  CANCELED: 'failed',
}

function outcomeOf({ transactionStatus, transactionFailureReason: why }: Transaction): Outcome {
  // HELD, AUTHORIZED, SCHEDULED, INITIATED, SUCCEEDED, and whatever else the platform may learn to say.
  const status = statusOf[transactionStatus] ?? 'approved'
  if (status !== 'failed') return { status, bankStatus: transactionStatus }
  if (transactionStatus === 'CANCELED') return { status, bankStatus: 'CANCELED', reason: 'This payment was canceled.' }
  return { status, bankStatus: transactionStatus, reason: inPlainWords(why?.code ?? '', why?.description ?? '') }
}

/** Refused, and not because of how busy somebody is: asking again would not help. */
const isForGood = (error: RialtoError): boolean =>
  error instanceof RialtoApiError &&
  error.status < 500 &&
  ![408, 409, 429].includes(error.status) &&
  error.errorCode !== 'DUPLICATE_REQUEST_KEY'

export type Till = Readonly<{
  /** Finds out more about the latest try to pay for an order: asks for the money if that is not known to be done. */
  bringForward(orderId: number): Promise<void>
}>

/**
 * Asking for money. A try is asked with the request key that was stored before the first call, so asking again after
 * a crash or a timeout cannot take the money twice: the platform answers what it answered the first time, or, when that
 * is long ago, DUPLICATE_REQUEST_KEY with the payment's id.
 */
export function openTill(db: Database, rialto: Rialto, merchantId: string, log: (line: string) => void): Till {
  const underway = new Map<string, Promise<void>>()

  async function ask(attempt: Attempt, reference: string, amount: Cents): Promise<Outcome> {
    const { requestKey, bankCustomerId } = attempt
    try {
      const said = await rialto.payments.create({
        merchantId,
        customerId: bankCustomerId,
        amount: dollars(amount),
        requestKey,
        clientReferenceId: reference,
        softDescriptor: `NORTHWIND COFFEE ${reference}`,
      })
      const { paymentId, paymentStatus: bankStatus, errorDetails: why } = said
      const status = statusOf[bankStatus] ?? 'approved'
      if (status !== 'failed') return { status, paymentId, bankStatus }
      return { status, paymentId, bankStatus, reason: inPlainWords(why?.errorCode ?? '', why?.errorMessage ?? '') }
    } catch (error) {
      if (!(error instanceof RialtoError)) throw error
      if (error instanceof RialtoApiError && error.existingPaymentId)
        return { status: 'pending', paymentId: error.existingPaymentId }
      log(`${reference}: the platform did not take the payment: ${whyOf(error)}`)
      if (!isForGood(error)) return { status: 'asked' }
      return { status: 'failed', reason: 'We could not ask your bank for this payment.' }
    }
  }

  async function forward(attempt: Attempt): Promise<void> {
    const { requestKey } = attempt
    let { paymentId } = attempt
    if (attempt.status === 'asked') {
      const outcome = await ask(attempt, orderNumber(attempt.orderId), orderTotal(db, attempt.orderId))
      recordOutcome(db, requestKey, outcome)
      // A payment that stood already has a state of its own, which only its transaction tells.
      if (outcome.status !== 'pending' || outcome.bankStatus) return
      paymentId = outcome.paymentId ?? null
    }
    if (!paymentId) return
    try {
      recordOutcome(db, requestKey, outcomeOf(await rialto.transactions.get(paymentId)))
    } catch (error) {
      if (!(error instanceof RialtoError)) throw error
      log(`payment ${paymentId}: its state is not known: ${whyOf(error)}`)
    }
  }

  return {
    bringForward(orderId) {
      const attempt = latestAttempt(db, orderId)
      if (attempt.status === 'failed') return Promise.resolve()
      const running = underway.get(attempt.requestKey)
      if (running) return running
      const run = forward(attempt).finally(() => underway.delete(attempt.requestKey))
      underway.set(attempt.requestKey, run)
      return run
    },
  }
}
