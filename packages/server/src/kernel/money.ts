/** Money is a whole number of cents. There is no other way to hold an amount in this house. */
export type Currency = 'USD'
export type Money = Readonly<{ minor: bigint; currency: Currency }>

const of = (minor: bigint, currency: Currency = 'USD'): Money => ({ minor, currency })

function sameCurrency(a: Money, b: Money): Currency {
  if (a.currency !== b.currency) throw new Error(`cannot mix ${a.currency} and ${b.currency}`)
  return a.currency
}

/** Nothing on the wire may exceed this, in dollars: beyond it a JSON number no longer holds every cent. */
const wireCeiling = 9e13

export const Money = {
  of,
  zero: of(0n),
  add: (a: Money, b: Money): Money => of(a.minor + b.minor, sameCurrency(a, b)),
  subtract: (a: Money, b: Money): Money => of(a.minor - b.minor, sameCurrency(a, b)),
  isPositive: (m: Money): boolean => m.minor > 0n,

  /** Basis points of an amount, rounded half up: the only rounding rule there is. 80 bps of $10.01 is 8 cents. */
  basisPoints: (m: Money, bps: number): Money => of((m.minor * BigInt(bps) + 5_000n) / 10_000n, m.currency),

  /**
   * The wire speaks decimal dollars: a JSON number, two places at most. This is the only door.
   * Undefined: not a number of whole cents (1.005, NaN, 1e400, beyond the ceiling).
   */
  fromWire(value: number, currency: Currency = 'USD'): Money | undefined {
    if (!Number.isFinite(value) || Math.abs(value) > wireCeiling) return undefined
    const text = value.toFixed(2)
    if (Number(text) !== value) return undefined
    return of(BigInt(text.replace('.', '')), currency)
  },

  toWire: (m: Money): { value: number; currency: Currency } => ({
    value: Number(m.minor) / 100,
    currency: m.currency,
  }),

  /** As people read it: `$9,412.18`, `-$3.00`. */
  format(m: Money): string {
    const cents = (m.minor < 0n ? -m.minor : m.minor).toString().padStart(3, '0')
    const dollars = cents.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',')
    return `${m.minor < 0n ? '-' : ''}$${dollars}.${cents.slice(-2)}`
  },
} as const
