import fc from 'fast-check'
import {
  type Addenda,
  type BatchHeader,
  type BatchToWrite,
  describeTransactionCode,
  type Entry,
  type FileHeader,
} from '../src/index.ts'

/** Anything the format can hold: printable ASCII without the blanks that fill a column. */
const text = (width: number) => fc.string({ unit: 'grapheme-ascii', maxLength: width }).map((value) => value.trim())
const filled = (width: number) => text(width).filter((value) => value !== '')
const digits = (width: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: width, maxLength: width })
const trace = digits(15)
const day = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2099-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10))
const time = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'))
const julian = fc.oneof(fc.constant(''), digits(3))
const returnCode = fc.oneof(
  fc.constant(''),
  digits(2).map((code) => `R${code}`),
)

const ten = fc.oneof(digits(9), fc.string({ unit: fc.constantFrom(...'ABC0123456789'), minLength: 10, maxLength: 10 }))

export const anyFileHeader: fc.Arbitrary<FileHeader> = fc.record({
  immediateDestination: ten,
  immediateOrigin: ten,
  creationDate: day,
  creationTime: time,
  fileIdModifier: fc.constantFrom(...'ABCXYZ0189'),
  destinationName: text(23),
  originName: text(23),
  referenceCode: text(8),
})

const anyBatchHeader: fc.Arbitrary<Omit<BatchHeader, 'batchNumber'>> = fc.record({
  serviceClass: fc.constantFrom('mixed', 'credits', 'debits'),
  companyName: text(16),
  companyDiscretionaryData: text(20),
  companyId: text(10),
  secCode: fc.constantFrom('WEB', 'PPD', 'CCD', 'COR', 'CTX', 'CIE', 'TEL', 'QQQ'),
  entryDescription: text(10),
  descriptiveDate: text(6),
  effectiveDate: day,
  settlementDay: julian,
  odfi: digits(8),
})

const codes = Array.from({ length: 100 }, (_, code) => code).filter(
  (code) => describeTransactionCode(code) !== undefined,
)

const anyEntryAlone: fc.Arbitrary<Omit<Entry, 'addenda'>> = fc.record({
  transactionCode: fc.constantFrom(...codes),
  rdfi: digits(9),
  accountNumber: text(17),
  amount: fc.bigInt({ min: 0n, max: 9_999_999_999n }),
  individualId: text(15),
  individualName: text(15),
  discretionary: text(2),
  traceNumber: trace,
})

const common = { originalTrace: trace, originalRdfi: digits(8) }
const coded = (letter: string, ...numbers: readonly number[]) =>
  fc.constantFrom(...numbers.map((number) => `${letter}${String(number).padStart(2, '0')}`))

const anyAddenda: fc.Arbitrary<Addenda> = fc.oneof(
  fc.record({ kind: fc.constant('payment'), information: text(80) }),
  fc.record({
    ...{ kind: fc.constant('return'), code: coded('R', 1, 2, 10, 14, 29, 80, 99), ...common, information: text(44) },
    ...{ dateOfDeath: fc.option(day, { nil: undefined }), trace },
  }),
  fc.record({
    ...{ kind: fc.constant('dishonored'), code: coded('R', 61, 62, 67, 70), ...common, information: text(21) },
    ...{ returnTrace: trace, returnSettlementDay: julian, returnCode, trace },
  }),
  fc.record({
    ...{ kind: fc.constant('contested'), code: coded('R', 71, 74, 77), ...common, trace },
    ...{ originalReturnDate: fc.oneof(day, fc.constant('')), originalSettlementDay: julian, returnTrace: trace },
    ...{ returnSettlementDay: julian, returnCode, dishonoredTrace: trace, dishonoredSettlementDay: julian },
    dishonoredCode: returnCode,
  }),
  fc.record({
    ...{ kind: fc.constant('change'), code: coded('C', 1, 3, 7, 13, 99), ...common, correctedData: text(29), trace },
  }),
  fc.record({
    ...{ kind: fc.constant('refused_change'), code: coded('C', 61, 65, 69), ...common, correctedData: text(29), trace },
    ...{ changeCode: filled(3), changeTraceSequence: digits(7) },
  }),
) as fc.Arbitrary<Addenda>

/** An entry whose addenda end with its own trace number. */
const anyEntry: fc.Arbitrary<Entry> = fc
  .tuple(anyEntryAlone, fc.option(anyAddenda, { nil: undefined }))
  .map(([entry, addenda]) => ({
    ...entry,
    addenda: addenda && 'trace' in addenda ? { ...addenda, trace: entry.traceNumber } : addenda,
  }))

export const anyBatches: fc.Arbitrary<BatchToWrite[]> = fc
  .array(fc.tuple(anyBatchHeader, fc.array(anyEntry, { maxLength: 8 })), { maxLength: 5 })
  .map((batches) => batches.map(([header, entries], n) => ({ header: { ...header, batchNumber: n + 1 }, entries })))
