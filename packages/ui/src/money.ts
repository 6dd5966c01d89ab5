export type Currency = 'USD'

const formats: Record<Currency, Intl.NumberFormat> = {
  USD: new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' }),
}

/** The wire's decimal dollars for people: `{ value: 9412.18, currency: 'USD' }` is `$9,412.18`. */
export function formatMoney(money: { value: number; currency: Currency }): string {
  return formats[money.currency].format(money.value)
}

/** Whole cents for people, without passing through a float: `941218n` is `$9,412.18`. */
export function formatMinor(minor: bigint, currency: Currency = 'USD'): string {
  const size = minor < 0n ? -minor : minor
  const decimal = `${minor < 0n ? '-' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')}`
  return formats[currency].format(decimal as `${number}`)
}
