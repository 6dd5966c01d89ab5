import { describe, expect, it } from 'vitest'
import { batchOf, debit, fileHeader, plain, returned, traceOf } from '../test/made-up.ts'
import { type BatchHeader, type Entry, type FileHeader, NachaError, openWriter, readFile, writeFile } from './index.ts'

const web = batchOf([]).header
const written =
  (entry: Partial<Entry>, header: Partial<BatchHeader> = {}) =>
  () =>
    writeFile(fileHeader, [batchOf([debit(1, entry)], header)])
const headed = (header: Partial<FileHeader>) => () => writeFile({ ...fileHeader, ...header }, [])

describe('refusals', () => {
  it.each<[() => string, string]>([
    [written({ amount: 10_000_000_000n }), "Entry Detail (6), amount (columns 30-39): '10000000000' is longer than 10"],
    [written({ amount: -1n }), "Entry Detail (6), amount (columns 30-39): '-1' is not all digits"],
    [written({ rdfi: '02100002' }), "Entry Detail (6), checkDigit (column 12): '' is not 1 digit long"],
    [written({ rdfi: '02100002A' }), "Entry Detail (6), checkDigit (column 12): 'A' is not all digits"],
    [written({ rdfi: '0210000210' }), "Entry Detail (6), checkDigit (column 12): '10' is longer than 1"],
    [written({ traceNumber: '1' }), "Entry Detail (6), traceNumber (columns 80-94): '1' is not 15 digits long"],
    [written({ transactionCode: 25 }), "Entry Detail (6), transactionCode (columns 2-3): '25' is not in the table"],
    [
      written({ individualName: 'JOSÉ' }),
      "individualName (columns 55-76): 'JOSÉ' holds a character outside printable ASCII",
    ],
    [written({ individualName: 'A\nB' }), 'holds a character outside printable ASCII'],
    [written({ individualId: '1234567890123456' }), "(columns 40-54): '1234567890123456' is longer than 15"],
    [written({ accountNumber: '123456789012345678' }), 'accountNumber (columns 13-29): the value is longer than 17'],
    [written({}, { odfi: '091' }), "Batch Header (5), odfi (columns 80-87): '091' is not 8 digits long"],
    [written({}, { effectiveDate: '2026-02-29' }), "effectiveDate (columns 70-75): '2026-02-29' is not a day"],
    [written({}, { effectiveDate: '1999-12-31' }), "'1999-12-31' is not a day"],
    [written({}, { settlementDay: '7' }), "settlementDay (columns 76-78): '7' is not 3 digits long"],
    [written({}, { batchNumber: 10_000_000 }), "batchNumber (columns 88-94): '10000000' is longer than 7"],
    [written({}, { batchNumber: 1.5 }), "batchNumber (columns 88-94): '1.5' is not all digits"],
    [written({}, { secCode: 'IAT' }), 'Batch Header (5), secCode (columns 51-53): IAT is not written here'],
    [headed({ immediateDestination: '12345678' }), "'12345678' is neither nine digits nor ten characters"],
    [headed({ creationDate: '02.03.2026' }), "creationDate (columns 24-29): '02.03.2026' is not a day"],
    [headed({ creationTime: '24:00' }), "creationTime (columns 30-33): '24:00' is not a time"],
    [headed({ creationTime: '1405' }), "creationTime (columns 30-33): '1405' is not a time"],
    [written(returned(1, 'R61')), "Addenda (7) 99, return, code (columns 4-6): 'R61' is not a code of this record"],
    [written(returned(1, 'X01')), "'X01' is not a code of this record"],
    [written(returned(1, 'R14', {}, { dateOfDeath: 'May' })), "dateOfDeath (columns 22-27): 'May' is not a day"],
  ])('says what does not fit: %#', (write, sentence) => {
    expect(write).toThrow(NachaError)
    expect(write).toThrow(sentence)
  })

  it('names the record, the field and the columns', () => {
    const error = (() => {
      try {
        return written({ amount: -1n })()
      } catch (caught) {
        return caught
      }
    })()
    expect(error).toMatchObject({ record: 'Entry Detail (6)', field: 'amount', columns: '30-39', name: 'NachaError' })
  })

  it('leaves the writer as it was, so that the entry can be left out', () => {
    const writer = openWriter(fileHeader)
    let text = writer.start() + writer.batch(web) + writer.entry(debit(1))
    expect(() => writer.entry(debit(2, { addenda: { kind: 'payment', information: 'É' } }))).toThrow(NachaError)
    expect(() => writer.entry(debit(2, { individualName: 'É' }))).toThrow(NachaError)
    text += writer.entry(debit(3)) + writer.endBatch() + writer.end()
    expect(text).toBe(writeFile(fileHeader, [batchOf([debit(1), debit(3)])]))
  })

  it('keeps a batch to the records its control can count', () => {
    const writer = openWriter(fileHeader)
    writer.start()
    writer.batch(web)
    const entry = plain(1, { addenda: { kind: 'payment', information: '' } })
    for (let n = 0; n < 499_999; n++) writer.entry(entry)
    expect(() => writer.entry(entry)).toThrow('entryAndAddenda (columns 5-10): there are more than 999999')
    writer.entry(plain(1))
    expect(writer.endBatch().slice(4, 10)).toBe('999999')
    expect(writer.totals).toMatchObject({ entries: 500_000, entryAndAddenda: 999_999, debits: 500_000_000n })
  })
})

describe('order', () => {
  it('is the file header, batches, the end', () => {
    const writer = openWriter(fileHeader)
    expect(() => writer.batch(web)).toThrow('a batch header does not come before the file header')
    expect(() => writer.entry(debit(1))).toThrow('an entry does not come before the file header')
    expect(() => writer.end()).toThrow('the file control does not come before the file header')
    writer.start()
    expect(() => writer.start()).toThrow('the file header does not come outside a batch')
    expect(() => writer.endBatch()).toThrow('does not come outside a batch')
    writer.batch(web)
    expect(() => writer.batch(web)).toThrow('a batch header does not come inside a batch')
    expect(() => writer.end()).toThrow('the file control does not come inside a batch')
    writer.endBatch()
    writer.end()
    expect(() => writer.end()).toThrow('the file control does not come after the end of the file')
  })
})

describe('what is written', () => {
  it('is counted at any time', () => {
    const writer = openWriter(fileHeader)
    expect(writer.totals).toMatchObject({ batches: 0, entries: 0, lines: 0, entryHash: '0000000000' })
    writer.start()
    writer.batch(web)
    writer.entry(debit(1, { amount: 1999n }))
    expect(writer.totals).toEqual({
      ...{ batches: 1, entries: 1, entryAndAddenda: 1, debits: 1999n, credits: 0n, entryHash: '0002100002', lines: 3 },
    })
    writer.entry(plain(2, { transactionCode: 21, addenda: { kind: 'payment', information: '' } }))
    writer.endBatch()
    writer.end()
    expect(writer.totals).toEqual({
      ...{
        batches: 1,
        entries: 2,
        entryAndAddenda: 3,
        debits: 1999n,
        credits: 1000n,
        entryHash: '0004200004',
        lines: 10,
      },
    })
  })

  it('keeps ten digits of the hash', () => {
    const entries = Array.from({ length: 200 }, (_, n) => debit(n + 1, { rdfi: '322271627' }))
    const sum = 200n * 32_227_162n
    expect(readFile(writeFile(fileHeader, [batchOf(entries)])).totals.entryHash).toBe(String(sum).padStart(10, '0'))
    const many = Array.from({ length: 400 }, (_, n) => debit(n + 1, { rdfi: '322271627' }))
    const wrapped = ((400n * 32_227_162n) % 10_000_000_000n).toString().padStart(10, '0')
    expect(readFile(writeFile(fileHeader, [batchOf(many)])).totals.entryHash).toBe(wrapped)
  })

  it('says mixed when it is not told the service class', () => {
    const text = writeFile(fileHeader, [batchOf([debit(1)], { serviceClass: undefined })])
    expect(readFile(text).batches[0]?.header?.serviceClass).toBe('mixed')
  })

  it('has no time when there is none, and takes origins of ten characters', () => {
    const { header, findings } = readFile(headed({ creationTime: '', immediateOrigin: 'BANKID0042' })())
    expect(header).toMatchObject({ creationTime: '', immediateOrigin: 'BANKID0042' })
    expect(findings).toEqual([])
  })

  it('may be made of entries that come one by one', () => {
    function* entries() {
      for (let n = 1; n <= 3; n++) yield debit(n, { traceNumber: traceOf(n) })
    }
    const text = writeFile(fileHeader, [{ header: web, entries: entries() }])
    expect(text).toBe(writeFile(fileHeader, [batchOf([debit(1), debit(2), debit(3)])]))
  })
})
