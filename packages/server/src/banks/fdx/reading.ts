/** Careful hands for what a bank sends: everything is `unknown` until one of these has looked at it. */

export type Fields = Readonly<Record<string, unknown>>

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const fieldsAt = (fields: Fields, key: string): Fields | undefined => {
  const value = fields[key]
  return isFields(value) ? value : undefined
}

/** Only the objects of a list; whatever else is in it is passed over. */
export const listAt = (fields: Fields, key: string): readonly Fields[] => {
  const value = fields[key]
  return Array.isArray(value) ? value.filter(isFields) : []
}

/** A text as it stands, if it is one and not too long. */
export const textAt = (fields: Fields, key: string, most: number): string | undefined => {
  const value = fields[key]
  return typeof value === 'string' && value.length > 0 && value.length <= most ? value : undefined
}

/** A text for people to read: one line, no control or direction characters, cut where it is too long. */
export const wordsAt = (fields: Fields, key: string, most: number): string | undefined => {
  const value = fields[key]
  if (typeof value !== 'string') return undefined
  const words = value
    .slice(0, 1_000)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
  return words === '' ? undefined : [...words].slice(0, most).join('')
}

/** Undefined where the text is not JSON. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
