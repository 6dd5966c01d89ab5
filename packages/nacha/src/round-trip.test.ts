import fc from 'fast-check'
import { expect, it } from 'vitest'
import { anyBatches, anyFileHeader } from '../test/arbitrary.ts'
import { entryMembers, headerMembers } from '../test/members.ts'
import { inspectFile, openReader, openWriter, type ReadRecord, readFile, validateFile, writeFile } from './index.ts'

const lineEnd = fc.constantFrom('\n' as const, '\r\n' as const)

it('reads what was written, whatever it says', () => {
  fc.assert(
    fc.property(anyFileHeader, anyBatches, lineEnd, (header, batches, end) => {
      const file = readFile(Buffer.from(writeFile(header, batches, { lineEnd: end }), 'latin1'))
      expect(file.findings).toEqual([])
      expect(file.agrees).toBe(true)
      expect(file.header).toMatchObject(header)
      expect(file.batches.map((batch) => headerMembers(batch.header))).toEqual(batches.map((batch) => batch.header))
      expect(file.batches.map((batch) => batch.entries.map(entryMembers))).toEqual(
        batches.map((batch) => batch.entries),
      )
    }),
    { numRuns: 300 },
  )
})

it('writes again what was read, to the byte', () => {
  fc.assert(
    fc.property(anyFileHeader, anyBatches, (header, batches) => {
      const text = writeFile(header, batches)
      const file = readFile(text)
      const again = file.batches.map((batch, n) => ({
        header: batches[n]?.header ?? expect.unreachable(),
        entries: batch.entries,
      }))
      expect(writeFile(file.header ?? expect.unreachable(), again)).toBe(text)
    }),
  )
})

it('counts alike when it writes and when it reads', () => {
  fc.assert(
    fc.property(anyFileHeader, anyBatches, (header, batches) => {
      const writer = openWriter(header)
      let text = writer.start()
      for (const batch of batches) {
        text += writer.batch(batch.header)
        for (const entry of batch.entries) text += writer.entry(entry)
        text += writer.endBatch()
      }
      text += writer.end()
      expect(readFile(text).totals).toEqual(writer.totals)
      expect(text).toBe(writeFile(header, batches))
      expect(text.split('\n')).toHaveLength(writer.totals.lines + 1)
    }),
  )
})

it('reads the same from bytes and text, in any pieces', () => {
  fc.assert(
    fc.property(anyFileHeader, anyBatches, fc.array(fc.integer({ min: 1, max: 400 })), (header, batches, lengths) => {
      const text = writeFile(header, batches)
      const bytes = Buffer.from(text, 'latin1')
      const reader = openReader()
      const records: ReadRecord[] = []
      let at = 0
      for (const length of lengths) {
        records.push(...reader.push(bytes.subarray(at, at + length)))
        at += length
      }
      records.push(...reader.push(bytes.subarray(at)), ...reader.end())
      const whole = openReader()
      expect(records).toEqual([...whole.push(text), ...whole.end()])
    }),
  )
})

it('takes anything', () => {
  const garbage = fc.oneof(
    fc.uint8Array({ maxLength: 2_000 }),
    fc.string({ unit: fc.constantFrom(...'1567 9é\u{20ac}\n\0'), maxLength: 500 }),
    fc
      .array(fc.constantFrom('1', '5', '6', '7', '8', '9', ' ', '\n', '9'.repeat(94), '6'.repeat(94), '\r', 'é'))
      .map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(garbage, (input) => {
      const file = readFile(input)
      expect(validateFile(input)).not.toEqual([])
      expect(inspectFile(input).length).toBeGreaterThan(0)
      expect(file.findings.length).toBeGreaterThan(0)
    }),
    { numRuns: 500 },
  )
})
