import { openReader, type ReadEntry, type ReadRecord, writeFile } from '@rialto/nacha'
import { asDay, type Day, julianDay } from '../../src/kernel/banking-day.ts'
import type { SentFile } from '../test-bank.ts'

/** Our own account, with which balanced batches come to nothing. */
export const offsetAccount = { routingNumber: '044444444', accountNumber: '4400000000', type: 'checking' }

/** One of our files, as its bank reads it: what goes to or from others. */
export function readSent(name: string, text: string): SentFile & { effectiveOn: Day } {
  const reader = openReader()
  const records: ReadRecord[] = [...reader.push(Buffer.from(text, 'latin1')), ...reader.end()]
  const header = records.find((record) => record.kind === 'file_header')
  const batch = records.find((record) => record.kind === 'batch_header')
  return {
    ...{ name, text },
    entries: records.filter(
      (record) => record.kind === 'entry' && record.accountNumber.trim() !== offsetAccount.accountNumber,
    ) as ReadEntry[],
    creationDate: header?.creationDate ?? '',
    creationTime: header?.creationTime ?? '',
    modifier: header?.fileIdModifier ?? '',
    effectiveOn: asDay(batch?.effectiveDate ?? ''),
  }
}

export type Dispute = Readonly<{ entry: ReadEntry; on: Day; returnCode: string; trace: string }>

/** Our bank tells that it sent a return back. */
export const dishonored = (told: Dispute, code: string): string =>
  inbound(told, {
    ...{ kind: 'dishonored', code, originalTrace: told.entry.traceNumber, originalRdfi: told.entry.rdfi.slice(0, 8) },
    ...{ returnTrace: told.trace, returnSettlementDay: julianDay(told.on), returnCode: told.returnCode },
    trace: told.trace,
  })

/** The customer's bank stands by its return. */
export const contested = (told: Dispute, code: string): string =>
  inbound(told, {
    ...{ kind: 'contested', code, originalTrace: told.entry.traceNumber, originalRdfi: told.entry.rdfi.slice(0, 8) },
    ...{ originalReturnDate: told.on, originalSettlementDay: julianDay(told.on), returnTrace: told.trace },
    ...{ returnSettlementDay: julianDay(told.on), returnCode: told.returnCode, dishonoredTrace: told.trace },
    ...{ dishonoredSettlementDay: julianDay(told.on), dishonoredCode: 'R68', trace: told.trace },
  })

type Entry =
  Parameters<typeof writeFile>[1] extends Iterable<infer B>
    ? B extends { entries: Iterable<infer E> }
      ? E
      : never
    : never

function inbound({ entry, on, trace }: Dispute, addenda: NonNullable<Entry['addenda']>): string {
  const back = { 27: 26, 37: 36, 22: 21, 32: 31 }[entry.transactionCode] ?? 26
  return writeFile(
    {
      ...{ immediateDestination: '1400000001', destinationName: 'RIALTO', immediateOrigin: '044444444' },
      ...{ originName: 'MERIDIAN TRUST', creationDate: on, creationTime: '08:30', fileIdModifier: 'B' },
    },
    [
      {
        header: {
          ...{ serviceClass: 'mixed', companyName: 'CORNER STORE', companyId: '1400000001', secCode: 'WEB' },
          ...{ entryDescription: 'PURCHASE', effectiveDate: on, odfi: '01111111', batchNumber: 1 },
          settlementDay: julianDay(on),
        },
        entries: [
          {
            ...{ transactionCode: back, rdfi: '044444444', accountNumber: entry.accountNumber, amount: entry.amount },
            ...{ individualId: entry.individualId, individualName: entry.individualName, discretionary: '' },
            ...{ traceNumber: trace, addenda },
          },
        ],
      },
    ],
  )
}
