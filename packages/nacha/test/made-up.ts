import type { Addenda, BatchHeader, BatchToWrite, Entry, FileHeader } from '../src/index.ts'

/** Routing numbers that pass every check. The accounts of these files are invented. */
export const bank = { own: '091000019', east: '021000021', west: '122105278' } as const

const odfi: string = bank.own.slice(0, 8)

export const fileHeader: FileHeader = {
  immediateDestination: bank.own,
  immediateOrigin: '1234567890',
  creationDate: '2026-03-02',
  creationTime: '14:05',
  fileIdModifier: 'A',
  destinationName: 'FIRST BANK OF THE NORTH',
  originName: 'RIALTO PAYMENTS',
  referenceCode: 'REF00001',
}

const batchHeader: BatchHeader = {
  serviceClass: 'debits',
  companyName: 'DEMO STORE',
  companyDiscretionaryData: '',
  companyId: '1234567890',
  secCode: 'WEB',
  entryDescription: 'PURCHASE',
  descriptiveDate: '',
  effectiveDate: '2026-03-03',
  settlementDay: '',
  odfi,
  batchNumber: 1,
}

/** A batch of WEB debits for purchases, unless told otherwise. */
export const batchOf = (entries: readonly Entry[], header: Partial<BatchHeader> = {}): BatchToWrite => ({
  header: { ...batchHeader, ...header },
  entries,
})

export const traceOf = (n: number, bankDigits: string = odfi): string => `${bankDigits}${String(n).padStart(7, '0')}`

/** A WEB debit of a checking account, unless told otherwise. */
export const debit = (n: number, entry: Partial<Entry> = {}): Entry => ({
  transactionCode: 27,
  rdfi: bank.east,
  accountNumber: `70012${String(n).padStart(4, '0')}`,
  amount: 1000n,
  individualId: `PAY-${String(n).padStart(4, '0')}`,
  individualName: 'ADA LOVELACE',
  discretionary: 'S',
  traceNumber: traceOf(n),
  ...entry,
})

/** The same without a payment type, which only WEB and TEL have. */
export const plain = (n: number, entry: Partial<Entry> = {}): Entry => debit(n, { discretionary: '', ...entry })

/** The bank that returns entries sends them under its own name. */
export const returningOdfi: string = bank.east.slice(0, 8)

/** A debit of ours as the receiving bank gives it back. */
export const returned = (
  n: number,
  code: string,
  entry: Partial<Entry> = {},
  addenda: Partial<Addenda & { kind: 'return' }> = {},
): Entry => ({
  ...debit(n, { transactionCode: 26, traceNumber: traceOf(n, returningOdfi), ...entry }),
  addenda: {
    kind: 'return',
    code,
    originalTrace: traceOf(n),
    originalRdfi: returningOdfi,
    information: '',
    trace: traceOf(n, returningOdfi),
    ...addenda,
  },
})

/** A notification of change about a debit of ours. */
export const changed = (n: number, code: string, correctedData: string): Entry => ({
  ...plain(n, { transactionCode: 26, amount: 0n, traceNumber: traceOf(n, returningOdfi) }),
  addenda: {
    kind: 'change',
    code,
    originalTrace: traceOf(n),
    originalRdfi: returningOdfi,
    correctedData,
    trace: traceOf(n, returningOdfi),
  },
})
