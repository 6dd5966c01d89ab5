/**
 * What a NACHA file says, in our words. Amounts are whole cents (bigint), dates `YYYY-MM-DD`, times `HH:MM`, Julian
 * days three digits. Text is without the blanks that fill a column.
 */

/** Record 1: who sends the file to whom, and when it was made. */
export type FileHeader = Readonly<{
  /** The bank's receiving point: nine digits of a routing number, or ten characters. */
  immediateDestination: string
  /** What the bank assigned to the sender: nine digits, or ten characters. */
  immediateOrigin: string
  creationDate: string
  /** In the bank's zone. */
  creationTime: string
  /** A to Z, then 0 to 9: unique for one destination, origin and creation date. */
  fileIdModifier: string
  destinationName: string
  originName: string
  referenceCode?: string | undefined
}>

/** Which directions a batch may hold: service classes 200, 220 and 225. */
export type ServiceClass = 'mixed' | 'credits' | 'debits'

export type SecCode = 'WEB' | 'PPD' | 'CCD' | 'COR' | 'CTX' | (string & {})

/** Record 5: what all entries of a batch have in common. */
export type BatchHeader = Readonly<{
  /** Left away it is `mixed`, which every batch may say. */
  serviceClass?: ServiceClass | undefined
  companyName: string
  companyDiscretionaryData?: string | undefined
  companyId: string
  secCode: SecCode
  entryDescription: string
  descriptiveDate?: string | undefined
  effectiveDate: string
  /** Three-digit Julian day; only in files that an operator or a receiving bank writes. */
  settlementDay?: string | undefined
  /** The first eight digits of the originating bank's routing number. */
  odfi: string
  batchNumber: number
}>

/** Records 6 and 7: one movement of money, or a word about one. */
export type Entry = Readonly<{
  transactionCode: number
  /** The receiving bank's routing number, nine digits. */
  rdfi: string
  accountNumber: string
  amount: bigint
  individualId: string
  individualName: string
  /** For WEB and TEL the payment type: `S` single, `R` recurring. */
  discretionary?: string | undefined
  /** Fifteen digits: the ODFI's eight and seven of a sequence. */
  traceNumber: string
  addenda?: Addenda | undefined
}>

/** 05: a line for the receiver. */
export type PaymentAddenda = Readonly<{ kind: 'payment'; information: string }>

/** 99 with an R code: the receiving bank gives the entry back. */
export type ReturnAddenda = Readonly<{
  kind: 'return'
  code: string
  /** The trace number of the entry that comes back: the key for matching. */
  originalTrace: string
  /** `YYYY-MM-DD`, for R14 and R15. */
  dateOfDeath?: string | undefined
  /** Eight digits. */
  originalRdfi: string
  information?: string | undefined
  trace: string
}>

/** 99 with R61, R62 or R67 to R70: the originating bank gives the return back. */
export type DishonoredAddenda = Readonly<{
  kind: 'dishonored'
  code: string
  originalTrace: string
  originalRdfi: string
  returnTrace: string
  returnSettlementDay: string
  /** Why it had been returned, with its R. */
  returnCode: string
  information?: string | undefined
  trace: string
}>

/** 99 with R71 to R77: the receiving bank stands by its return. */
export type ContestedAddenda = Readonly<{
  kind: 'contested'
  code: string
  originalTrace: string
  originalReturnDate: string
  originalRdfi: string
  originalSettlementDay: string
  returnTrace: string
  returnSettlementDay: string
  returnCode: string
  dishonoredTrace: string
  dishonoredSettlementDay: string
  dishonoredCode: string
  trace: string
}>

/** 98: the receiving bank corrects what we know of an account. `readCorrection` takes the corrected data apart. */
export type ChangeAddenda = Readonly<{
  kind: 'change'
  code: string
  originalTrace: string
  originalRdfi: string
  correctedData: string
  trace: string
}>

/** 98 with C61 to C69: the originating bank refuses a correction. */
export type RefusedChangeAddenda = Readonly<{
  kind: 'refused_change'
  code: string
  originalTrace: string
  originalRdfi: string
  correctedData: string
  /** The C code that is refused. */
  changeCode: string
  /** The last seven digits of the trace number of the notification that is refused. */
  changeTraceSequence: string
  trace: string
}>

export type Addenda =
  | PaymentAddenda
  | ReturnAddenda
  | DishonoredAddenda
  | ContestedAddenda
  | ChangeAddenda
  | RefusedChangeAddenda

/** What the entries of one batch add up to. */
export type BatchTotals = Readonly<{
  entries: number
  /** The 6 and 7 records together. */
  entryAndAddenda: number
  /** In cents. A return counts on the side of the entry it returns. */
  debits: bigint
  credits: bigint
  /** The sum of the receiving banks' eight digits, its lowest ten digits. */
  entryHash: string
}>

/** The same of a whole file. Lines include the padding. */
export type FileTotals = BatchTotals & Readonly<{ batches: number; lines: number }>
