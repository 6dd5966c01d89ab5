import type { BatchHeader, Entry, ReadBatchHeader, ReadEntry } from '../src/index.ts'

/** What was read of an entry in the writer's words: what is asked of `write, read: the same`. */
export const entryMembers = (entry: ReadEntry): Entry => ({
  transactionCode: entry.transactionCode,
  rdfi: entry.rdfi,
  accountNumber: entry.accountNumber,
  amount: entry.amount,
  individualId: entry.individualId,
  individualName: entry.individualName,
  discretionary: entry.discretionary,
  traceNumber: entry.traceNumber,
  addenda: entry.addenda,
})

export function headerMembers(read: ReadBatchHeader | undefined): Partial<BatchHeader> | undefined {
  if (!read) return undefined
  const { kind: _, line: __, raw: ___, findings: ____, serviceClass, ...members } = read
  return serviceClass === 'adv' ? members : { ...members, serviceClass }
}
