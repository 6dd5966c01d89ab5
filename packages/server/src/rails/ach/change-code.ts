import { assert } from '../../kernel/assert.ts'
import { isRoutingNumber } from '../../kernel/routing-number.ts'

/** What a bank may correct about an account. */
export type CorrectionField = 'accountNumber' | 'routingNumber' | 'transactionCode' | 'name' | 'individualId'
export type Correction = Readonly<Partial<Record<CorrectionField, string>>>

/** Where a field stands within the 29 characters of corrected data, from 0. */
type Place = readonly [field: CorrectionField, start: number, length: number]

export type ChangeCode = Readonly<{
  code: string
  title: string
  /** Plain words for an operator. */
  says: string
  /** A change is sent by the payer's bank; a refusal of one, by ours. */
  kind: 'change' | 'refusal'
  sentBy: 'rdfi' | 'odfi'
  /** What the corrected data hold; empty if there is nothing to take from them. */
  corrects: readonly CorrectionField[]
  /** Whether a person at the platform must look: the entry was our mistake, or there is no way to heed this alone. */
  alarm: boolean
}>

/** Addenda 98, positions 36 to 64. The first layout is written, any is read: banks write C06 in two ways. */
const layouts: Readonly<Record<string, readonly (readonly Place[])[]>> = {
  C01: [[['accountNumber', 0, 17]]],
  C02: [[['routingNumber', 0, 9]]],
  C03: [
    [
      ['routingNumber', 0, 9],
      ['accountNumber', 12, 17],
    ],
  ],
  C04: [[['name', 0, 22]]],
  C05: [[['transactionCode', 0, 2]]],
  C06: [
    [
      ['accountNumber', 0, 17],
      ['transactionCode', 20, 2],
    ],
    [
      ['accountNumber', 0, 17],
      ['transactionCode', 17, 2],
    ],
  ],
  C07: [
    [
      ['routingNumber', 0, 9],
      ['accountNumber', 9, 17],
      ['transactionCode', 26, 2],
    ],
  ],
  C09: [[['individualId', 0, 22]]],
}

const change = (code: string, title: string, says: string): ChangeCode => {
  const corrects = layouts[code]?.[0]?.map(([field]) => field) ?? []
  return { code, title, says, kind: 'change', sentBy: 'rdfi', corrects, alarm: corrects.length === 0 }
}
const refusal = (code: string, title: string, says: string): ChangeCode => ({
  code,
  title,
  says,
  kind: 'refusal',
  sentBy: 'odfi',
  corrects: [],
  alarm: false,
})

const retired = 'Retired years ago. Should a bank still send it, a person looks at it.'

/** Every change code and refusal, in order. */
export const changeCodes: readonly ChangeCode[] = [
  change('C01', 'Account number', 'The account has another number.'),
  change('C02', 'Routing number', 'The bank has another routing number, after a merger for example.'),
  change('C03', 'Routing and account number', 'Bank and account have other numbers.'),
  change('C04', 'Name', 'The account holder is written in another way.'),
  change('C05', 'Transaction code', 'The account is of another kind: savings and not checking, for example.'),
  change('C06', 'Account number and transaction code', 'The account has another number and is of another kind.'),
  change(
    'C07',
    'Routing and account number, transaction code',
    'Bank and account have other numbers, and the account is of another kind.',
  ),
  change(
    'C08',
    'Foreign bank id',
    'An international entry named the foreign bank wrongly. Rialto sends none, so a person looks at it.',
  ),
  change('C09', 'Individual id', 'The number by which the entry names the customer is wrong.'),
  change('C10', 'Company name', retired),
  change('C11', 'Company id', retired),
  change('C12', 'Company name and id', retired),
  change(
    'C13',
    'Addenda format',
    'The entry was booked, but the lines that belong to it were not right. A mistake of ours.',
  ),
  change(
    'C14',
    'Should be international',
    'Later entries to this account must be sent as international ones, which Rialto does not do.',
  ),
  refusal('C61', 'Misrouted', 'The correction was meant for another bank.'),
  refusal('C62', 'Trace number', 'The correction names no entry of ours.'),
  refusal('C63', 'Company id', 'The correction names another company.'),
  refusal('C64', 'Individual id', 'The correction names another customer than the entry did.'),
  refusal('C65', 'Corrected data', 'The corrected data cannot be right.'),
  refusal('C66', 'Discretionary data', 'The discretionary data are not those of the entry.'),
  refusal('C67', 'Routing number', 'The routing number is not the one that the entry had.'),
  refusal('C68', 'Account number', 'The account number is not the one that the entry had.'),
  refusal('C69', 'Transaction code', 'The transaction code does not fit the entry or the account.'),
]

/** What a change code means. One that is not in the table is kept as it is, and shown to a person. */
export const changeCode = (code: string): ChangeCode =>
  changeCodes.find((one) => one.code === code) ??
  change(code, 'Unknown change', 'The bank asks for a change that Rialto does not know. A person looks at it.')

/** The length of the corrected data. */
const room = 29

const sound: Readonly<Record<CorrectionField, (text: string) => boolean>> = {
  // All zeros is what a bank's software writes when it has nothing to write.
  accountNumber: (text) => /^[0-9A-Za-z][0-9A-Za-z-]{0,16}$/.test(text) && !/^0+$/.test(text),
  routingNumber: isRoutingNumber,
  transactionCode: (text) => /^([234][234789]|5[2-5])$/.test(text),
  name: (text) => text !== '',
  individualId: (text) => text !== '',
}

/**
 * What a bank wants changed, trimmed. Undefined: the code corrects nothing that we keep, or the data do not fit its
 * layout (a routing number with a wrong check digit, something in a gap): then a person looks, and nothing is changed.
 */
export function readCorrection(code: string, correctedData: string): Correction | undefined {
  const data = correctedData.padEnd(room).slice(0, room)
  for (const layout of Object.hasOwn(layouts, code) ? (layouts[code] ?? []) : []) {
    const found = readLayout(layout, data)
    if (found) return found
  }
  return undefined
}

function readLayout(layout: readonly Place[], data: string): Correction | undefined {
  const found: Partial<Record<CorrectionField, string>> = {}
  let end = 0
  for (const [field, start, length] of layout) {
    const text = data.slice(start, start + length).trim()
    // An account number that begins in the gap would be read without its head.
    if (!sound[field](text) || data.slice(end, start).trim() !== '') return undefined
    found[field] = text
    end = start + length
  }
  return found
}

/** The corrected data as a bank writes them, 29 characters. What the code corrects must be given and sound. */
export function writeCorrection(code: string, correction: Correction): string {
  const layout = layouts[code]?.[0]
  assert(layout, `${code} corrects something`)
  return layout
    .reduce((data, [field, start, length]) => {
      const text = correction[field] ?? ''
      assert(
        sound[field](text) && text.length <= length,
        `${code} is given ${field === 'accountNumber' ? 'an' : 'a'} ${field} that fits`,
      )
      return data.padEnd(start) + text.padEnd(length)
    }, '')
    .padEnd(room)
}
