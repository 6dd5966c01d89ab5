/** Money in the pretend banks is whole cents in a bigint. These are the only doors to and from text. */

/** 4825075n is '48250.75'. Always two decimals. */
export function centsToText(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0')
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** '48250.75' or '48250' is 4825075n or 4825000n; anything with more decimals, or no number, is undefined. */
export function textToCents(text: string): bigint | undefined {
  const parts = /^(-?)(\d{1,13})(?:\.(\d{2}))?$/.exec(text)
  if (!parts) return undefined
  const cents = BigInt(`${parts[2]}${parts[3] ?? '00'}`)
  return parts[1] ? -cents : cents
}

/** For people: $48,250.75, with a real minus sign. */
export function centsToDollars(cents: bigint): string {
  const [whole = '0', rest] = centsToText(cents < 0n ? -cents : cents).split('.')
  return `${cents < 0n ? '−' : ''}$${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${rest}`
}

/** Node has JSON.rawJSON; TypeScript's library does not know it yet. */
type RawJson = typeof JSON & { rawJSON(text: string): object }

/** A JSON number with exactly two decimals: 12050.00 stays 12050.00 and never passes through a float. */
export const centsToJson = (cents: bigint): object => (JSON as RawJson).rawJSON(centsToText(cents))
