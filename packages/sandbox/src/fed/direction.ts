import { describeTransactionCode } from '@rialto/nacha'

/** Whether an entry takes money from its receiver. A return counts on the side of the entry it returns. */
export const isDebit = (code: number): boolean => describeTransactionCode(code)?.direction === 'debit'

/** For the database, which does not know the table. */
export const debitCodes: readonly number[] = Array.from({ length: 100 }, (_, code) => code).filter(isDebit)
