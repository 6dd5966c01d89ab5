import { type Day, onOrAfter } from '../kernel/banking-day.ts'
import { administrativeReturnsEndOn, unauthorizedReturnsEndOn } from '../rails/ach/window.ts'
import type { Payment } from './payment.ts'

/** Until when a payment that settled may still come back. A day is null while there is none: nothing has settled. */
export type Finality = Readonly<{
  /** The last day for what is wrong with the account or its balance. */
  administrativeReturnsEndOn: Day | null
  /** The last day for a consumer who says that they did not agree. Nobody says that of a credit. */
  unauthorizedReturnsEndOn: Day | null
  /** When a debit's money may be paid out. */
  fundsAvailableOn: Day | null
  isFinal: boolean
}>

const nothingSettled = { administrativeReturnsEndOn: null, unauthorizedReturnsEndOn: null, fundsAvailableOn: null }

/** The day on which the money moved that is where it is now. Null: none did, or it went back. */
function settledDay(payment: Payment): Day | null {
  const { status } = payment
  return status === 'settled' || status === 'available' || status === 'disbursed' ? payment.settledOn : null
}

/** Finality under the rules of ACH, by the house's calendar: on the last day itself, a return may still come. */
export function finalityOf(payment: Payment, today: Day): Finality {
  const settledOn = settledDay(payment)
  if (settledOn === null) {
    const isOver = payment.status === 'declined' || payment.status === 'canceled' || payment.status === 'returned'
    return { ...nothingSettled, isFinal: isOver }
  }
  const settled = onOrAfter(settledOn)
  const administrative = administrativeReturnsEndOn(settled)
  const unauthorized = payment.type === 'debit' ? unauthorizedReturnsEndOn(settled) : null
  return {
    administrativeReturnsEndOn: administrative,
    unauthorizedReturnsEndOn: unauthorized,
    fundsAvailableOn: payment.fundsOn,
    isFinal: today > (unauthorized ?? administrative),
  }
}
