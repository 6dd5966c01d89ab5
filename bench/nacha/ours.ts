import {
  type BatchHeader,
  type Entry,
  type FileHeader,
  openWriter,
  readFile,
  validateFile,
  writeFile,
} from '../../packages/nacha/src/index.ts'
import type { Job } from './jobs.ts'

const file: FileHeader = {
  ...{ immediateDestination: '091000019', immediateOrigin: '1234567890', destinationName: 'FIRST BANK' },
  ...{ originName: 'RIALTO', creationDate: '2026-03-02', creationTime: '14:05', fileIdModifier: 'A' },
}

const batch: BatchHeader = {
  ...{ serviceClass: 'debits', companyName: 'DEMO STORE', companyId: '1234567890', secCode: 'WEB', batchNumber: 1 },
  ...{ entryDescription: 'PURCHASE', effectiveDate: '2026-03-03', odfi: '09100001' },
}

const entryOf = (n: number): Entry => ({
  transactionCode: 27,
  rdfi: '021000021',
  accountNumber: String(700_100_000 + n),
  amount: BigInt(1_000 + n),
  individualId: `PAY${n}`,
  individualName: 'ADA LOVELACE',
  discretionary: 'S',
  traceNumber: `09100001${String(n + 1).padStart(7, '0')}`,
})

function* entries(count: number): Generator<Entry> {
  for (let n = 0; n < count; n++) yield entryOf(n)
}

const batchSize = 100_000
const pieceSize = 65_536

/** The pieces of a large file, none of which is kept. */
export function* pieces(count: number): Generator<string> {
  const writer = openWriter(file)
  let text = writer.start()
  for (let n = 0; n < count; n++) {
    if (n % batchSize === 0)
      text += (n > 0 ? writer.endBatch() : '') + writer.batch({ ...batch, batchNumber: n / batchSize + 1 })
    text += writer.entry(entryOf(n))
    if (text.length < pieceSize) continue
    yield text
    text = ''
  }
  yield text + writer.endBatch() + writer.end()
}

export const ours = (): Job => ({
  write: async (count) => writeFile(file, [{ header: batch, entries: entries(count) }]),
  async read(text) {
    const { batches, agrees } = readFile(Buffer.from(text, 'latin1'))
    if (!agrees) throw new Error('the file that was read does not agree with itself')
    return batches.reduce((sum, { entries }) => sum + entries.length, 0)
  },
  validate: async (text) => validateFile(Buffer.from(text, 'latin1')).length,
})
