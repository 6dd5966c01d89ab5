import { openReader, type ReadEntry, type ReadRecord, writeFile } from '@rialto/nacha'
import { asDay, julianDay } from '../src/kernel/banking-day.ts'
import type { MemoryDrop } from './memory-drop.ts'

/** One file that the platform has sent, as its bank reads it. */
export type SentFile = Readonly<{
  name: string
  text: string
  creationDate: string
  creationTime: string
  modifier: string
  entries: readonly ReadEntry[]
}>

/** The other side of the drop: an originating bank that does as the test says. */
export type TestBank = Readonly<{
  /** The files sent so far, oldest first. */
  sent(): SentFile[]
  acknowledge(file: SentFile, status?: string): void
  /** Everything in the file but the entries of these traces settles. */
  settle(file: SentFile, on: string, except?: readonly string[]): void
  returns(on: string, returned: readonly { entry: ReadEntry; code: string }[], name?: string): void
  change(on: string, entry: ReadEntry, code: string, correctedData: string): void
}>

export function openTestBank({ outgoing, leave }: MemoryDrop): TestBank {
  let count = 0
  const name = (kind: string, extension: string) => `${kind}-${String(++count).padStart(4, '0')}.${extension}`
  let traces = 0
  const trace = () => `01111111${String(++traces).padStart(7, '0')}`
  return {
    sent: () => [...outgoing].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([file, text]) => readSent(file, text)),
    acknowledge(file, status = 'accepted') {
      const columns =
        'immediate_origin,immediate_destination,creation_date,creation_time,file_id_modifier,status,entries,debits,credits,message'
      const row = `1400000001,044444444,${file.creationDate},${file.creationTime},${file.modifier},${status},${file.entries.length},0.00,0.00,"as it says, ${status}"`
      leave(name('ack', 'csv'), ['FILE-ACKNOWLEDGMENT,1', columns, row, ''].join('\n'))
    },
    settle(file, on, except = []) {
      const columns =
        'settlement_date,immediate_origin,creation_date,file_id_modifier,batch_number,entries,debits,credits'
      const settled = file.entries.filter(({ traceNumber }) => !except.includes(traceNumber))
      const batches = Map.groupBy(settled, ({ batch }) => batch?.batchNumber ?? 0)
      const rows = [...batches].map(([number, entries]) => {
        const sum = (codes: readonly number[]) =>
          entries.filter((e) => codes.includes(e.transactionCode)).reduce((total, { amount }) => total + amount, 0n)
        const sums = [sum([27, 37]), sum([22, 32])].map(dollars)
        return `${on},1400000001,${file.creationDate},${file.modifier},${number},${entries.length},${sums.join(',')}`
      })
      leave(name('settlement', 'csv'), ['SETTLEMENT-ADVICE,1', columns, ...rows, ''].join('\n'))
    },
    returns(on, returned, as) {
      const entries = returned.map(({ entry, code }) => {
        const number = trace()
        return {
          ...back(entry, number),
          addenda: {
            kind: 'return' as const,
            code,
            originalTrace: entry.traceNumber,
            originalRdfi: entry.rdfi.slice(0, 8),
            trace: number,
          },
        }
      })
      leave(as ?? name('returns', 'ach'), inboundFile(on, 'WEB', entries))
    },
    change(on, entry, code, correctedData) {
      const number = trace()
      const addenda = {
        ...{ kind: 'change' as const, code, originalTrace: entry.traceNumber, originalRdfi: entry.rdfi.slice(0, 8) },
        ...{ correctedData, trace: number },
      }
      leave(name('returns', 'ach'), inboundFile(on, 'COR', [{ ...back(entry, number), amount: 0n, addenda }]))
    },
  }
}

const dollars = (cents: bigint): string => `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`

/** A returned entry, as the receiving bank writes it. */
const back = (entry: ReadEntry, traceNumber: string) => ({
  ...{ transactionCode: { 27: 26, 37: 36, 22: 21, 32: 31 }[entry.transactionCode] ?? 26, rdfi: '044444444' },
  ...{ accountNumber: entry.accountNumber, amount: entry.amount, individualId: entry.individualId },
  ...{ individualName: entry.individualName, discretionary: entry.discretionary, traceNumber },
})

function inboundFile(
  on: string,
  secCode: string,
  entries: Parameters<typeof writeFile>[1] extends Iterable<infer B>
    ? B extends { entries: infer E }
      ? E
      : never
    : never,
): string {
  return writeFile(
    {
      ...{ immediateDestination: '1400000001', destinationName: 'RIALTO', immediateOrigin: '044444444' },
      ...{ originName: 'MERIDIAN TRUST', creationDate: on, creationTime: '08:30', fileIdModifier: 'A' },
    },
    [
      {
        header: {
          ...{ serviceClass: 'mixed', companyName: 'CORNER STORE', companyId: '1400000001', secCode },
          ...{ entryDescription: 'PURCHASE', effectiveDate: on, odfi: '01111111', batchNumber: 1 },
          settlementDay: julianDay(asDay(on)),
        },
        entries,
      },
    ],
  )
}

export function readSent(name: string, text: string): SentFile {
  const reader = openReader()
  const records: ReadRecord[] = [...reader.push(Buffer.from(text, 'latin1')), ...reader.end()]
  const header = records.find((record) => record.kind === 'file_header')
  const entries = records.filter((record) => record.kind === 'entry')
  return {
    ...{ name, text, entries },
    creationDate: header?.creationDate ?? '',
    creationTime: header?.creationTime ?? '',
    modifier: header?.fileIdModifier ?? '',
  }
}
