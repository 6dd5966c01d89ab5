/** A price is a whole number of US cents. */
export type Cents = number

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })

export const price = (cents: Cents): string => dollars.format(cents / 100)
