import type { Addenda, BatchToWrite, Entry, ValidateOptions } from '../src/index.ts'
import { bank, batchOf, changed, debit, plain, returned, returningOdfi, traceOf } from './made-up.ts'

/** What stands in `fixtures/golden/NAME.ach`, in our words. */
export type Golden = Readonly<{
  batches: readonly BatchToWrite[]
  lineEnd?: '\r\n'
  fileIdModifier?: string
  judgedBy?: ValidateOptions
}>

const line = (information: string): Addenda => ({ kind: 'payment', information })

const webDebits: Golden = {
  batches: [
    batchOf(
      [
        debit(1, { amount: 1999n }),
        debit(2, { transactionCode: 37, amount: 9_999_999_999n, discretionary: 'R', accountNumber: '00012-3456' }),
        debit(3, { rdfi: bank.west, accountNumber: '12345678901234567', individualName: "O'NEIL, SEAN #2" }),
      ],
      { descriptiveDate: 'SD1300', companyDiscretionaryData: 'ORDERS OF MARCH 2' },
    ),
    batchOf([debit(4, { amount: 1n })], { batchNumber: 2, companyName: 'CORNER BOOKS', entryDescription: 'RENT' }),
  ],
}

const credits: Golden = {
  batches: [
    batchOf(
      [plain(1, { transactionCode: 22 }), plain(2, { transactionCode: 32, addenda: line('YOUR RETURN OF MARCH') })],
      {
        ...{ secCode: 'PPD', entryDescription: 'REFUND', serviceClass: 'credits' },
      },
    ),
    batchOf(
      [
        plain(3, { transactionCode: 22, individualName: 'CORNER BOOKS LLC', amount: 1_234_567n }),
        plain(4, { transactionCode: 42, individualName: '', addenda: line('RMR*IV*8812**100.00') }),
      ],
      { secCode: 'CCD', entryDescription: 'PAYOUT', serviceClass: 'credits', batchNumber: 2 },
    ),
    batchOf([plain(5, { transactionCode: 22, individualName: 'SUPPLIES & CO', addenda: line('ST*820*1') })], {
      ...{ secCode: 'CTX', entryDescription: 'PAYOUT', serviceClass: 'mixed', batchNumber: 3 },
    }),
    batchOf([plain(6, { transactionCode: 22, individualName: 'GRACE HOPPER', individualId: 'CUSTOMER 00000000006' })], {
      ...{ secCode: 'CIE', entryDescription: 'BILL', serviceClass: 'credits', batchNumber: 4 },
    }),
  ],
}

const prenotes: Golden = {
  batches: [
    batchOf([debit(1, { transactionCode: 28, amount: 0n }), debit(2, { transactionCode: 38, amount: 0n })], {
      entryDescription: 'PRENOTE',
    }),
    batchOf([plain(3, { transactionCode: 23, amount: 0n }), plain(4, { transactionCode: 33, amount: 0n })], {
      ...{ secCode: 'PPD', entryDescription: 'PRENOTE', serviceClass: 'credits', batchNumber: 2 },
    }),
  ],
}

const reversals: Golden = {
  batches: [
    batchOf([debit(1, { transactionCode: 22, amount: 1999n })], {
      ...{ entryDescription: 'REVERSAL', serviceClass: 'credits' },
    }),
    batchOf([plain(2, { transactionCode: 55, amount: 2500n })], {
      ...{ secCode: 'PPD', entryDescription: 'REVERSAL', serviceClass: 'debits', batchNumber: 2 },
    }),
  ],
}

const microEntries: Golden = {
  batches: [
    batchOf(
      [
        plain(1, { transactionCode: 22, amount: 12n }),
        plain(2, { transactionCode: 22, amount: 7n }),
        plain(3, { transactionCode: 27, amount: 19n }),
      ],
      { secCode: 'PPD', entryDescription: 'ACCTVERIFY', serviceClass: 'mixed' },
    ),
  ],
}

const balanced: Golden = {
  batches: [
    batchOf(
      [
        plain(1, { amount: 1999n }),
        plain(2, { amount: 2001n, rdfi: bank.west }),
        plain(3, { transactionCode: 22, amount: 4000n, rdfi: bank.own, individualName: 'DEMO STORE' }),
      ],
      { secCode: 'PPD', entryDescription: 'DUES', serviceClass: 'mixed' },
    ),
  ],
  lineEnd: '\r\n',
  judgedBy: { balanced: true },
}

const returns: Golden = {
  batches: [
    batchOf(
      [
        returned(1, 'R01', { amount: 1999n }),
        returned(2, 'R14', { transactionCode: 36 }, { dateOfDeath: '2026-02-11', information: 'EXECUTOR INFORMED' }),
        returned(3, 'R99'),
      ],
      { settlementDay: '063', odfi: returningOdfi },
    ),
    batchOf([returned(4, 'R03', { transactionCode: 21, discretionary: '' })], {
      ...{ secCode: 'PPD', serviceClass: 'credits', entryDescription: 'REFUND' },
      ...{ settlementDay: '063', odfi: returningOdfi, batchNumber: 2 },
    }),
  ],
  judgedBy: { fromOperator: true },
}

const dishonored: Entry = debit(1, {
  transactionCode: 26,
  addenda: {
    ...{ kind: 'dishonored', code: 'R68', originalTrace: traceOf(77), originalRdfi: returningOdfi },
    ...{ returnTrace: traceOf(9, returningOdfi), returnSettlementDay: '063', returnCode: 'R01' },
    ...{ information: 'UNTIMELY RETURN', trace: traceOf(1) },
  },
})

const contested: Entry = debit(2, {
  transactionCode: 26,
  traceNumber: traceOf(2, returningOdfi),
  addenda: {
    ...{ kind: 'contested', code: 'R73', originalTrace: traceOf(77), originalRdfi: returningOdfi },
    ...{ originalReturnDate: '2026-03-04', originalSettlementDay: '061', returnTrace: traceOf(9, returningOdfi) },
    ...{ returnSettlementDay: '063', returnCode: 'R01', dishonoredTrace: traceOf(1) },
    ...{ dishonoredSettlementDay: '066', dishonoredCode: 'R68', trace: traceOf(2, returningOdfi) },
  },
})

const disputes: Golden = {
  batches: [
    batchOf([dishonored], { settlementDay: '066' }),
    batchOf([contested], { settlementDay: '068', batchNumber: 2, odfi: returningOdfi }),
  ],
  judgedBy: { fromOperator: true },
}

const refusedChange: Entry = plain(7, {
  transactionCode: 26,
  amount: 0n,
  addenda: {
    ...{ kind: 'refused_change', code: 'C62', originalTrace: traceOf(1), originalRdfi: returningOdfi },
    ...{ correctedData: '1918171614', changeCode: 'C01', changeTraceSequence: '0000001', trace: traceOf(7) },
  },
})

const changes: Golden = {
  batches: [
    batchOf(
      [
        changed(1, 'C01', '1918171614'),
        changed(2, 'C03', '121042882   000123456789'),
        changed(3, 'C05', '37'),
        changed(4, 'C06', '123456789 111       22'),
        changed(5, 'C07', '121042882000123456789     37'),
        changed(6, 'C13', ''),
      ],
      { secCode: 'COR', settlementDay: '064', odfi: returningOdfi },
    ),
    batchOf([refusedChange], { secCode: 'COR', serviceClass: 'mixed', batchNumber: 2 }),
  ],
  judgedBy: { fromOperator: true },
}

export const goldens: Readonly<Record<string, Golden>> = {
  'web-debits': webDebits,
  credits,
  prenotes,
  reversals,
  'retried-payment': { batches: [batchOf([debit(1)], { entryDescription: 'RETRY PYMT' })], fileIdModifier: '9' },
  'micro-entries': microEntries,
  balanced,
  'ten-records': { batches: [batchOf([1, 2, 3, 4, 5, 6].map((n) => debit(n)))], fileIdModifier: 'Z' },
  returns,
  disputes,
  changes,
}
