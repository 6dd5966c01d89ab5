import { type ChangeCode, changeCodes, isChangeCode, isReturnCode, type ReturnCode, returnCodes } from './codes.ts'

/** What shall happen to an entry, whatever the account says. */
export type Outcome =
  | Readonly<{ kind: 'return'; code: ReturnCode; afterBankingDays?: number; afterDays?: number }>
  | Readonly<{ kind: 'correct'; code: ChangeCode; correctedData?: string }>

/** An entry as the world outside sees it, and as a rule may describe it. */
export type Described = Readonly<{
  routingNumber: string
  accountNumber: string
  amount: bigint
  name: string
  individualId: string
}>

export type Match = Partial<Described>

export type Rule = Readonly<{ id: string; createdAt: Date; match: Match; outcome: Outcome; timesLeft: number | null }>

const sameText = (one: string, other: string): boolean => one.trim().toUpperCase() === other.trim().toUpperCase()

/** Whether every part a rule names is so. Upper and lower case make no difference, as ACH has only the one. */
export function matches(match: Match, entry: Described): boolean {
  if (match.amount !== undefined && match.amount !== entry.amount) return false
  const texts = ['routingNumber', 'accountNumber', 'name', 'individualId'] as const
  return texts.every((part) => match[part] === undefined || sameText(match[part], entry[part]))
}

const HUNDRED_AND_ONE = 101_00n
const HUNDRED_AND_TWO = 102_00n
const HUNDRED_AND_THREE = 103_00n

/** On which calendar day after settlement the slow ones come back: the last but one on which a customer may dispute. */
export const LATE_DAY = 59

const codeFrom = (letter: 'R' | 'C', cents: bigint): string => `${letter}${String(cents).padStart(2, '0')}`

/**
 * The published amounts: $101.NN comes back as RNN on the day after settlement, $103.NN on the 59th calendar day, and
 * $102.NN raises CNN. Where there is no such code the amount means nothing.
 */
export function magicOf(amount: bigint): Outcome | undefined {
  const cents = amount % 100n
  switch (amount - cents) {
    case HUNDRED_AND_ONE:
    case HUNDRED_AND_THREE: {
      const code = codeFrom('R', cents)
      if (!isReturnCode(code)) return undefined
      const isLate = amount - cents === HUNDRED_AND_THREE
      return { kind: 'return', code, ...(isLate ? { afterDays: LATE_DAY } : {}) }
    }
    case HUNDRED_AND_TWO: {
      const code = codeFrom('C', cents)
      return isChangeCode(code) ? { kind: 'correct', code } : undefined
    }
    default:
      return undefined
  }
}

const wholeNumber = (value: unknown, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most

const LONGEST_DELAY = 400
export const LONGEST_INFORMATION = 44
export const LONGEST_CORRECTION = 29

/** Printable ASCII of at most so many characters: what fits into a record. */
export const fitsRecord = (value: unknown, longest: number): value is string =>
  typeof value === 'string' && value.length <= longest && /^[ -~]*$/.test(value)

/** Reads an outcome somebody asked for. A string is what is wrong with it. */
export function readOutcome(value: unknown): Outcome | string {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  const { kind, code, afterBankingDays, afterDays, correctedData } = given
  if (kind === 'return') {
    if (!isReturnCode(code)) return `outcome.code is one of ${Object.keys(returnCodes).join(', ')}`
    if (afterBankingDays !== undefined && afterDays !== undefined)
      return 'outcome has afterBankingDays or afterDays, not both'
    const delay = afterBankingDays ?? afterDays
    if (delay !== undefined && !wholeNumber(delay, LONGEST_DELAY))
      return `outcome.afterBankingDays and outcome.afterDays are whole numbers from 1 to ${LONGEST_DELAY}`
    if (delay === undefined) return { kind, code }
    return { kind, code, ...(afterDays === undefined ? { afterBankingDays: delay } : { afterDays: delay }) }
  }
  if (kind !== 'correct') return 'outcome.kind is return or correct'
  if (!isChangeCode(code)) return `outcome.code is one of ${Object.keys(changeCodes).join(', ')}`
  if (correctedData === undefined) return { kind, code }
  if (!fitsRecord(correctedData, LONGEST_CORRECTION))
    return `outcome.correctedData is at most ${LONGEST_CORRECTION} printable characters, laid out as the code wants it`
  return { kind, code, correctedData }
}
