import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { bank, batchOf, changed, debit, fileHeader, plain, returned, returningOdfi, traceOf } from '../test/made-up.ts'
import { surprises } from '../test/surprises.ts'
import {
  type BatchHeader,
  type BatchToWrite,
  type Entry,
  type Finding,
  openValidator,
  readFile,
  type ValidateOptions,
  validateFile,
  writeFile,
} from './index.ts'
import { rules } from './rules.ts'

type Case = readonly [what: string, text: string, findings: string, options?: ValidateOptions]

const fileOf = (...batches: BatchToWrite[]) => writeFile(fileHeader, batches)
const one = (entry: Partial<Entry>, header: Partial<BatchHeader> = {}) => fileOf(batchOf([debit(1, entry)], header))
const ppd = (entry: Partial<Entry>, header: Partial<BatchHeader> = {}) =>
  fileOf(batchOf([plain(1, entry)], { secCode: 'PPD', entryDescription: 'DUES', ...header }))
/** Debits and credits of these cents in one batch. */
const web = (debits: readonly bigint[], credits: readonly bigint[]) =>
  fileOf(
    batchOf(
      [
        ...debits.map((amount, at) => debit(at + 1, { amount })),
        ...credits.map((amount, at) => debit(debits.length + at + 1, { transactionCode: 22, amount })),
      ],
      { serviceClass: 'mixed' },
    ),
  )
const good = one({})
const operators = { fromOperator: true }

/** The file with other text from a column of a line on, both counted from 1. */
function edited(text: string, line: number, column: number, replacement: string): string {
  const lines = text.split('\n')
  const old = lines[line - 1] ?? ''
  lines[line - 1] = old.slice(0, column - 1) + replacement + old.slice(column - 1 + replacement.length)
  return lines.join('\n')
}

const shortly = (findings: readonly Finding[]) => findings.map(({ line, rule }) => `${line} ${rule}`).join(', ')

const fileCases: readonly Case[] = [
  ['an empty file', '', '1 empty-file'],
  ['no batches', fileOf(), '2 no-batches'],
  ['a destination with a wrong check digit', edited(good, 1, 13, '8'), '1 destination'],
  ['a destination of nine characters', edited(good, 1, 4, 'ABCDEFGHI '), '1 destination'],
  ['no origin', edited(good, 1, 14, ' '.repeat(10)), '1 missing-value'],
  ['a creation day that is none', edited(good, 1, 24, '260231'), '1 no-such-day'],
  ['a creation time that is none', edited(good, 1, 30, '2460'), '1 no-such-day'],
  ['a lower-case modifier', edited(good, 1, 34, 'a'), '1 text-convention, 1 file-id-modifier'],
  ['no modifier', edited(good, 1, 34, ' '), '1 file-id-modifier'],
  ['another blocking factor', edited(good, 1, 38, '20'), '1 fixed-text'],
  ['an origin name that begins with a blank', edited(good, 1, 64, ' R'), '1 alignment'],
  ['text in reserved columns', edited(good, 5, 60, 'X'), '5 not-blank'],
  ['other batch counts', edited(good, 5, 2, '000002'), '5 control-batches'],
  ['other block counts', edited(good, 5, 8, '000002'), '5 control-blocks'],
  ['another hash', edited(good, 5, 31, '9'), '5 control-hash'],
  ['other debits', edited(good, 5, 43, '9'), '5 control-debits'],
  ['other credits', edited(good, 5, 55, '9'), '5 control-credits'],
  ['entries without a batch header', good.replace(/^5.*\n/m, ''), '2 missing-batch-header, 9 blocking'],
  [
    'a batch control without a batch',
    good.replace(/^8.*\n/m, (control) => control + control),
    '5 control-outside-batch, 11 blocking',
  ],
  ['a second file control', good.replace(/^9000.*\n/m, (control) => control + control), '6 record-order, 11 blocking'],
]

const batchCases: readonly Case[] = [
  ['no company name', edited(good, 2, 5, ' '.repeat(16)), '2 missing-value'],
  ['a company name after a blank', edited(good, 2, 5, ' D'), '2 alignment'],
  ['a company name in lower case', edited(good, 2, 5, 'demo'), '2 text-convention'],
  ['a class code that is none', edited(good, 2, 51, 'WWW'), '2 sec-code'],
  ['a service class that is none', edited(edited(good, 2, 2, '201'), 4, 2, '201'), '2 service-class'],
  ['a status that is none', edited(good, 2, 79, '0'), '2 originator-status'],
  ['an effective day that is none', edited(good, 2, 70, '260229'), '2 no-such-day'],
  ['an effective day on a Saturday', one({}, { effectiveDate: '2026-03-07' }), '2 effective-date'],
  ['an effective day on a Sunday', one({}, { effectiveDate: '2026-03-08' }), '2 effective-date'],
  ['a settlement day', one({}, { settlementDay: '062' }), '2 settlement-day'],
  ['another ODFI than any bank', one({ traceNumber: traceOf(1, '45000000') }, { odfi: '45000000' }), '2 odfi'],
  ['the same batch number twice', fileOf(batchOf([debit(1)]), batchOf([debit(2)])), '5 batch-order'],
  ['batch number 0', one({}, { batchNumber: 0 }), '2 batch-order'],
  [
    'a reversal that is not called so',
    one({ transactionCode: 22 }, { entryDescription: 'REVERSAL.', serviceClass: 'mixed' }),
    '2 entry-description, 3 web-credit',
  ],
  ['a retry without its blank', one({}, { entryDescription: 'RETRYPYMT' }), '2 entry-description'],
  ['a purchase after a blank', one({}, { entryDescription: ' PURCHASE' }), '2 alignment, 2 entry-description'],
  ['a batch without entries', fileOf(batchOf([])), '3 empty-batch'],
  ['another company in the control', edited(good, 4, 45, '9'), '4 control-identity'],
  ['another service class in the control', edited(good, 4, 2, '200'), '4 control-identity'],
  ['another ODFI in the control', edited(good, 4, 87, '2'), '4 control-identity'],
  ['another number in the control', edited(good, 4, 94, '2'), '4 control-identity'],
  ['an unbalanced batch where the bank wants balance', good, '4 balanced', { balanced: true }],
  [
    'micro-entries that take more than they give',
    fileOf(
      batchOf([plain(1, { transactionCode: 22, amount: 9n }), plain(2, { amount: 10n })], {
        ...{ secCode: 'PPD', entryDescription: 'ACCTVERIFY', serviceClass: 'mixed' },
      }),
    ),
    '6 micro-entries',
  ],
]

const entryCases: readonly Case[] = [
  ['a code that is in no table', edited(good, 3, 2, '25'), '3 transaction-code'],
  ['a wrong check digit', edited(good, 3, 12, '2'), '3 routing-number'],
  ['no account', edited(good, 3, 13, ' '.repeat(17)), '3 missing-value'],
  ['an account after a blank', one({ accountNumber: ' 700120001' }), '3 alignment'],
  ['a name with a letter of its own', edited(good, 3, 55, '\xc9'), '3 not-ascii, 3 text-convention'],
  ['no name', one({ individualName: '' }), '3 missing-value'],
  ['no name of a company', ppd({ individualName: '' }, { secCode: 'CCD' }), ''],
  ['no amount', one({ amount: 0n }), '3 amount'],
  ['a prenote with an amount', one({ transactionCode: 28 }), '3 amount'],
  ['a zero-dollar credit', ppd({ transactionCode: 24, amount: 0n }, { serviceClass: 'credits', secCode: 'CCD' }), ''],
  ['no payment type', one({ discretionary: '' }), '3 payment-type'],
  ['a payment type to the right', one({ discretionary: ' S' }), '3 payment-type'],
  ['a credit among debits', ppd({ transactionCode: 22 }), '3 service-class'],
  ['a debit among credits', ppd({}, { serviceClass: 'credits' }), '3 service-class'],
  ['a WEB credit', one({ transactionCode: 22 }, { serviceClass: 'credits' }), '3 web-credit'],
  [
    'a WEB credit between persons',
    one({ transactionCode: 22 }, { serviceClass: 'credits' }),
    '',
    { personToPerson: true },
  ],
  ['the one WEB credit that balances a batch', web([1_000n], [1_000n]), '', { balanced: true }],
  ['two WEB credits that balance it', web([1_000n], [400n, 600n]), '5 web-credit', { balanced: true }],
  [
    'a reversal of a WEB debit',
    one({ transactionCode: 22 }, { serviceClass: 'credits', entryDescription: 'REVERSAL' }),
    '',
  ],
  ['a debit of a loan', ppd({ transactionCode: 55 }), '3 loan-debit'],
  ['a return among what we originate', ppd({ transactionCode: 26 }), '3 return-code'],
  [
    'a micro-entry of a dollar',
    ppd({ transactionCode: 22, amount: 100n }, { entryDescription: 'ACCTVERIFY', serviceClass: 'credits' }),
    '3 micro-entries',
  ],
  ['a trace number of another bank', one({ traceNumber: traceOf(1, '02100002') }), '3 trace-number'],
  ['trace numbers that fall', fileOf(batchOf([debit(2), debit(1)])), '4 trace-order'],
  ['the same trace number twice', fileOf(batchOf([debit(1), debit(1)])), '4 trace-order'],
  ['the largest amount there is', one({ amount: 9_999_999_999n }), ''],
]

const line = { kind: 'payment', information: 'RENT' } as const
const withLine = ppd({ addenda: line })
const answer = (entry: Entry, header: Partial<BatchHeader> = {}) =>
  fileOf(batchOf([entry], { odfi: returningOdfi, ...header }))

const addendaCases: readonly Case[] = [
  ['a line for the receiver', withLine, ''],
  ['an unannounced line', edited(withLine, 3, 79, '0'), '3 addenda-indicator'],
  ['a line of another number', edited(withLine, 4, 87, '2'), '4 addenda-sequence'],
  ['a line of another entry', edited(withLine, 4, 94, '2'), '4 addenda-trace'],
  ['a line in lower case', ppd({ addenda: { ...line, information: 'rent' } }), '4 text-convention'],
  ['addenda of another type', edited(withLine, 4, 2, '02'), '4 addenda-kind'],
  [
    'return addenda among what we originate',
    one({ ...returned(1, 'R01'), transactionCode: 27, traceNumber: traceOf(1) }),
    '4 addenda-trace, 4 addenda-kind',
  ],
  ['a return', answer(returned(1, 'R01')), '', operators],
  ['a return without its reason', answer({ ...returned(1, 'R01'), addenda: undefined }), '3 addenda-kind', operators],
  [
    'a return with a code of a forward entry',
    answer(returned(1, 'R01', { transactionCode: 27 })),
    '4 addenda-kind',
    operators,
  ],
  ['a return whose code is none', edited(answer(returned(1, 'R01')), 4, 4, 'R1 '), '4 addenda-kind', operators],
  [
    'a return on a Sunday',
    answer(returned(1, 'R01'), { effectiveDate: '2026-03-08', settlementDay: '067' }),
    '',
    operators,
  ],
  ['a correction', answer(changed(1, 'C01', '5550001'), { secCode: 'COR' }), '', operators],
  [
    'a correction with an amount',
    answer({ ...changed(1, 'C01', '5550001'), amount: 1n }, { secCode: 'COR' }),
    '3 amount',
    operators,
  ],
  [
    'a correction that corrects nothing',
    answer(changed(1, 'C01', ''), { secCode: 'COR' }),
    '4 corrected-data',
    operators,
  ],
  [
    'a correction in a batch of payments',
    answer(changed(1, 'C01', '5550001'), { secCode: 'PPD' }),
    '4 addenda-kind',
    operators,
  ],
]

const cases = [...fileCases, ...batchCases, ...entryCases, ...addendaCases]

for (const [what, text, findings, options] of cases)
  it(`judges ${what}`, () => {
    expect(shortly(validateFile(text, options))).toBe(findings)
  })

it('finds two lines where one is the most', () => {
  const twice = withLine.replace(/^705.*\n/m, (first) => first + first.replace('00010000001', '00020000001'))
  const counted = edited(edited(twice, 6, 10, '3'), 7, 21, '3').replace(/9{94}\n$/, '')
  expect(shortly(validateFile(counted))).toBe('5 many-addenda')
})

it('has a case for every rule', () => {
  const seen = new Set(
    [...cases.map(([, , findings]) => findings), ...Object.values(surprises).map(([, , f]) => f)]
      .join(' ')
      .split(/[ ,]+/),
  )
  const elsewhere = ['many-addenda', 'addenda-count', 'not-judged']
  expect(Object.keys(rules).filter((rule) => !seen.has(rule) && !elsewhere.includes(rule))).toEqual([])
})

it('finds a wrong number of addenda of a CTX entry', () => {
  const ctx = ppd({ addenda: line, individualName: 'SUPPLIES' }, { secCode: 'CTX' })
  expect(validateFile(ctx)).toEqual([])
  expect(shortly(validateFile(edited(ctx, 3, 58, '2')))).toBe('3 addenda-count')
})

it('does not let IAT and ADV leave unjudged', () => {
  for (const [name, at] of [
    ['iat', 2],
    ['adv', 2],
  ] as const) {
    const bytes = readFileSync(join(import.meta.dirname, `../fixtures/surprises/${name}.ach`))
    expect(validateFile(bytes, operators)).toContainEqual(expect.objectContaining({ line: at, rule: 'not-judged' }))
  }
})

it('says where and what, and quotes no account number', () => {
  const [finding] = validateFile(edited(good, 3, 30, '12a'))
  expect(finding?.message).toBe("Entry Detail (6), amount (columns 30-39): '12a0001000' is not all digits")
  const secret = '987654321098'
  for (const account of [`${secret}\xe9`, ` ${secret}`, secret.concat('x')]) {
    const findings = validateFile(edited(good, 3, 13, account))
    expect(findings).not.toEqual([])
    expect(JSON.stringify(findings)).not.toContain('987654')
  }
})

it('judges in pieces as it judges the whole', () => {
  const text = edited(edited(good, 2, 51, 'WWW'), 4, 94, '2')
  const validator = openValidator()
  const found = [...text].flatMap((character) => validator.push(character))
  expect([...found, ...validator.end()]).toEqual(validateFile(text))
})

it('stops counting at a thousand findings', () => {
  expect(validateFile('nonsense\n'.repeat(5_000))).toHaveLength(1_000)
})

it('judges a file that is all of one batch after another by its own numbers', () => {
  const two = good + writeFile({ ...fileHeader, fileIdModifier: 'B' }, [batchOf([debit(9)])])
  expect(shortly(validateFile(two))).toBe('11 second-file')
  expect(readFile(two).agrees).toBe(true)
})

it('knows the routing numbers of the fixtures', () => {
  expect(Object.values(bank).every((routing) => validateFile(one({ rdfi: routing })).length === 0)).toBe(true)
})
