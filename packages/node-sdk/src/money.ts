import { RialtoError } from './errors.ts'
import type { Amount } from './generated/api.generated.ts'

/** What an ACH entry can carry: $99,999,999.99. */
const mostCents = 9_999_999_999n

/**
 * The amount of so many whole cents, as the API writes it: `dollars(1840)` is $18.40. Nothing is computed with
 * fractions. Refuses what is not a whole number of cents from 1 to 9,999,999,999.
 */
export function dollars(cents: number | bigint): { value: number; currency: 'USD' } {
  if (typeof cents === 'number' && !Number.isSafeInteger(cents))
    throw new RialtoError(`${cents} is not a whole number of cents.`)
  const whole = BigInt(cents)
  if (whole < 1n || whole > mostCents) throw new RialtoError(`${cents} cents are not between 1 and ${mostCents}.`)
  const digits = whole.toString().padStart(3, '0')
  return { value: Number(`${digits.slice(0, -2)}.${digits.slice(-2)}`), currency: 'USD' }
}

/** The whole cents of an amount that the API answered, to compare and to add: $18.40 is `1840n`. */
export function cents({ value, currency }: Amount): bigint {
  if (currency !== 'USD') throw new RialtoError(`${currency} has no cents that are known here.`)
  const text = value.toFixed(2)
  if (Number(text) !== value) throw new RialtoError(`${value} dollars are not a whole number of cents.`)
  return BigInt(text.replace('.', ''))
}
