import { changeCodes, isChangeCode, isReturnCode, returnCodes } from '../fed/codes.ts'
import type { Wish } from '../fed/entry.commands.ts'
import { type FedFault, fedFaultNames, reportKinds } from '../fed/fault.ts'
import {
  fitsRecord,
  LONGEST_CORRECTION,
  LONGEST_INFORMATION,
  type Match,
  type Rule,
  readOutcome,
} from '../fed/outcome.ts'
import { textToCents } from '../money.ts'
import { partsOf } from './refuse.ts'

type Fresh = Readonly<{ id: string; createdAt: Date }>

/** A whole number from 1 to 1000, null when absent, undefined when it is something else. */
function readTimes(value: unknown): number | null | undefined {
  if (value === undefined || value === null) return null
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 1_000 ? value : undefined
}

/** Dollars as text with two decimals or as the same number in JSON. */
function readDollars(value: unknown): bigint | undefined {
  if (typeof value === 'string') return textToCents(value)
  return typeof value === 'number' && Number(value.toFixed(2)) === value ? textToCents(value.toFixed(2)) : undefined
}

const textParts = ['routingNumber', 'accountNumber', 'name', 'individualId'] as const

function readMatch(value: unknown): Match | string {
  const given = partsOf(value)
  const unknown = Object.keys(given).find((key) => key !== 'amount' && !textParts.some((part) => part === key))
  if (unknown) return `match knows routingNumber, accountNumber, amount, name and individualId, not ${unknown}`
  const match: { -readonly [Part in keyof Match]: Match[Part] } = {}
  for (const part of textParts) {
    const text = given[part]
    if (text === undefined) continue
    if (typeof text !== 'string' || text.length > 100) return `match.${part} is text`
    match[part] = text
  }
  if (given.amount === undefined) return match
  const amount = readDollars(given.amount)
  return amount === undefined ? 'match.amount is dollars, such as "25.00"' : { ...match, amount }
}

/** Reads the body of POST /control/fed/rules. A string is what is wrong with it. */
export function readRule(body: unknown, fresh: Fresh): Rule | string {
  const given = partsOf(body)
  const match = readMatch(given.match)
  if (typeof match === 'string') return match
  const outcome = readOutcome(given.outcome)
  if (typeof outcome === 'string') return outcome
  const timesLeft = readTimes(given.times)
  if (timesLeft === undefined) return 'times is a whole number from 1 to 1000, or absent for every entry'
  return { ...fresh, match, outcome, timesLeft }
}

/** Reads the body of POST /control/fed/faults. A string is what is wrong with it. */
export function readFedFault(body: unknown, fresh: Fresh): FedFault | string {
  const given = partsOf(body)
  const kind = fedFaultNames.find((name) => name === given.kind)
  if (!kind) return `kind is one of ${fedFaultNames.join(', ')}`
  const report = reportKinds.find((name) => name === given.report) ?? null
  if (given.report !== undefined && (!report || kind !== 'deliver_twice'))
    return `report is for deliver_twice only, and one of ${reportKinds.join(', ')}`
  const times = readTimes(given.times)
  if (times === undefined || (kind === 'bank_down' && times !== null))
    return 'times is a whole number from 1 to 1000, or absent for once; bank_down has none, it lasts until it is deleted'
  return { ...fresh, kind, report, timesLeft: kind === 'bank_down' ? null : (times ?? 1) }
}

/** Reads the body of POST /control/fed/entries/{trace}/{step}. A string is what is wrong with it. */
export function readWish(step: Wish['step'], body: unknown): Wish | string {
  const { code, addendaInformation, correctedData } = partsOf(body)
  if (step === 'settle') return { step }
  if (step === 'return') {
    if (!isReturnCode(code)) return `code is one of ${Object.keys(returnCodes).join(', ')}`
    if (addendaInformation !== undefined && !fitsRecord(addendaInformation, LONGEST_INFORMATION))
      return `addendaInformation is at most ${LONGEST_INFORMATION} printable characters`
    return { step, code, information: addendaInformation ?? '' }
  }
  if (!isChangeCode(code)) return `code is one of ${Object.keys(changeCodes).join(', ')}`
  if (correctedData === undefined) return { step, code }
  if (!fitsRecord(correctedData, LONGEST_CORRECTION))
    return `correctedData is at most ${LONGEST_CORRECTION} printable characters, laid out as the code wants it`
  return { step, code, correctedData }
}
