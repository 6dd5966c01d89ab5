import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import type { Job } from './jobs.ts'

const require = createRequire(import.meta.url)

/** As much of their interfaces as is used here; none of the three brings types. */
type Nach2 = Readonly<{
  File: new (
    options: object,
  ) => { addBatch: (batch: object) => void; generateFile: (then: (text: string) => void) => void }
  Batch: new (options: object) => { addEntry: (entry: object) => void }
  Entry: new (options: object) => object
}>
type Batch = { debit: (entry: object) => Batch; object: object }
type Parsed = Readonly<{ batches: readonly Readonly<{ entries: readonly object[] }>[] }>
type NodeNacha = Readonly<{
  create: (file: object) => { web: (batch: object) => Batch }
  from: (source: object) => { data: Parsed; to: (format: string) => string }
}>
type Ach = Readonly<{
  create: (file: object) => { ppd: (batch: object) => Batch }
  getParser: (format: string) => NodeJS.ReadWriteStream
  getFormatter: (format: string) => NodeJS.ReadWriteStream
}>

const entriesIn = ({ batches }: Parsed): number => batches.reduce((sum, { entries }) => sum + entries.length, 0)

/**
 * As a disk gives them: @ach/ach looks for line ends by recursion, and one large chunk is more than the stack holds.
 */
function* chunksOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += 65_536) yield text.slice(at, at + 65_536)
}

/** nach2 writes; it does not read. */
export function nach2(): Job {
  const { File, Batch, Entry } = require('nach2') as Nach2
  return {
    write(count) {
      const file = new File({
        ...{ immediateDestination: '091000019', immediateOrigin: '1234567890', immediateDestinationName: 'FIRST BANK' },
        ...{ immediateOriginName: 'RIALTO', referenceCode: 'REF1' },
      })
      const batch = new Batch({
        ...{ serviceClassCode: '225', companyName: 'DEMO STORE', standardEntryClassCode: 'WEB' },
        ...{
          companyIdentification: '1234567890',
          companyEntryDescription: 'PURCHASE',
          companyDescriptiveDate: 'MAR 3',
        },
        ...{ effectiveEntryDate: new Date(2026, 2, 3), originatingDFI: '091000019' },
      })
      for (let n = 0; n < count; n++)
        batch.addEntry(
          new Entry({
            ...{ receivingDFI: '021000021', DFIAccount: String(700_100_000 + n), amount: String(1_000 + n) },
            ...{ idNumber: `PAY${n}`, individualName: 'ADA LOVELACE', discretionaryData: 'S', transactionCode: '27' },
            traceNumber: `09100001${String(n + 1).padStart(7, '0')}`,
          }),
        )
      file.addBatch(batch)
      return new Promise((done) => file.generateFile(done))
    },
  }
}

/** @midlandsbank/node-nacha writes WEB without a payment type, and reads into one object. */
export function nodeNacha(): Job {
  const { create, from } = require('@midlandsbank/node-nacha') as NodeNacha
  return {
    async write(count) {
      let batch = create({
        from: { name: 'RIALTO', fein: '1234567890' },
        for: { name: 'FIRST BANK', routing: '091000019' },
      }).web({ effectiveDate: '260303', description: 'PURCHASE' })
      for (let n = 0; n < count; n++)
        batch = batch.debit({
          ...{ name: 'ADA LOVELACE', account: { num: String(700_100_000 + n), type: 'C' } },
          ...{ routing: '021000021', amount: 1_000 + n },
        })
      return from(batch).to('ach')
    },
    read: async (text) => entriesIn(from({ format: 'ach', source: text }).data),
  }
}

/** @ach/ach writes PPD and CCD through a stream, and reads through one into one object for a file. */
export function ach(): Job {
  const { create, getParser, getFormatter } = (require('@ach/ach') as () => Ach)()
  return {
    async write(count) {
      const receivers: Record<string, object> = {}
      for (let n = 0; n < count; n++)
        receivers[n] = {
          ...{ name: 'ADA LOVELACE', account: { num: String(700_100_000 + n), type: 'C' }, routing: '021000021' },
        }
      let batch = create({
        ...{ from: { name: 'RIALTO', fein: '1234567890' }, for: { name: 'FIRST BANK', routing: '091000019' } },
        to: receivers,
      }).ppd({ effectiveDate: '260303', description: 'DUES' })
      for (let n = 0; n < count; n++) batch = batch.debit({ to: String(n), amount: 1_000 + n })
      const pieces: string[] = []
      for await (const piece of Readable.from([batch.object]).pipe(getFormatter('ach'))) pieces.push(String(piece))
      return pieces.join('')
    },
    async read(text) {
      let entries = 0
      const parsed = Readable.from(chunksOf(text), { objectMode: false }).pipe(getParser('ach'))
      for await (const file of parsed) entries += entriesIn(file as unknown as Parsed)
      return entries
    },
  }
}
