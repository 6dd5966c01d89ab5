/** A price is a whole number of US cents. */
export type Cents = number

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })

export const price = (cents: Cents): string => dollars.format(cents / 100)

/** The platform speaks decimal dollars; this is the only place where cents become them. */
export const toWire = (cents: Cents): { value: number; currency: 'USD' } => ({ value: cents / 100, currency: 'USD' })
