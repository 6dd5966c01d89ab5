import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { goldens } from '../test/goldens.ts'
import { fileHeader } from '../test/made-up.ts'
import { entryMembers, headerMembers } from '../test/members.ts'
import { readFile, validateFile, writeFile } from './index.ts'

const folder = join(import.meta.dirname, '../fixtures/golden')
const golden = (name: string) => readFileSync(join(folder, `${name}.ach`), 'latin1')

it('has a description of every golden file', () => {
  expect(readdirSync(folder).sort()).toEqual(
    Object.keys(goldens)
      .sort()
      .map((name) => `${name}.ach`),
  )
})

describe.each(Object.entries(goldens))(
  'golden file %s',
  (name, { batches, lineEnd, fileIdModifier = 'A', judgedBy }) => {
    const header = { ...fileHeader, fileIdModifier }

    it('is what is written, to the byte', () => {
      expect(writeFile(header, batches, { lineEnd })).toBe(golden(name))
    })

    it('is read as what it says', () => {
      const file = readFile(Buffer.from(golden(name), 'latin1'))
      expect(file.findings).toEqual([])
      expect(file.agrees).toBe(true)
      expect(file.header).toMatchObject(header)
      expect(file.batches.map((batch) => headerMembers(batch.header))).toEqual(batches.map((batch) => batch.header))
      expect(file.batches.map((batch) => batch.entries.map(entryMembers))).toEqual(
        batches.map((batch) => batch.entries),
      )
    })

    it('may leave', () => {
      expect(validateFile(golden(name), judgedBy)).toEqual([])
    })
  },
)
