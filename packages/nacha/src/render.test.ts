import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { goldens } from '../test/goldens.ts'
import { batchOf, debit, fileHeader } from '../test/made-up.ts'
import { inspect, inspectFile, renderFindings, validateFile, writeFile } from './index.ts'

const golden = (name: string) => readFileSync(join(import.meta.dirname, `../fixtures/golden/${name}.ach`))
const surprise = (name: string) => readFileSync(join(import.meta.dirname, `../fixtures/surprises/${name}.ach`))

it('shows a file as a table', () => {
  expect(inspectFile(golden('returns'), { width: 140 })).toBe(
    `From  RIALTO PAYMENTS (1234567890)
To    FIRST BANK OF THE NORTH (091000019)
Made  2026-03-02 14:05, file A, reference REF00001
Holds 2 batches, 4 entries, debits $39.99, credits $10.00, hash 0008400008, 20 lines
The control records agree.

Batch 1 (line 2)  WEB  DEMO STORE (1234567890)  PURCHASE  effective 2026-03-03  settled on day 063
  3 entries, debits $39.99, credits $0.00
  line  code                         bank       account  amount  name          trace
     3  26    checking debit return  021000021  …0001    $19.99  ADA LOVELACE  021000020000001  return R01 of 091000010000001
     5  36    savings debit return   021000021  …0002    $10.00  ADA LOVELACE  021000020000002  return R14 of 091000010000002
     7  26    checking debit return  021000021  …0003    $10.00  ADA LOVELACE  021000020000003  return R99 of 091000010000003

Batch 2 (line 10)  PPD  DEMO STORE (1234567890)  REFUND  effective 2026-03-03  settled on day 063
  1 entry, debits $0.00, credits $10.00
  line  code                          bank       account  amount  name          trace
    11  21    checking credit return  021000021  …0004    $10.00  ADA LOVELACE  021000020000004  return R03 of 091000010000004

No findings.
`,
  )
})

it('shows what was found', () => {
  expect(renderFindings([])).toBe('No findings.\n')
  expect(renderFindings(validateFile(surprise('wrong-totals'), { fromOperator: true }), { width: 200 })).toBe(
    `1 finding
  line 5  error  control-debits  Batch Control (8), debits: it says 9999, the entries come to 4499
`,
  )
})

describe('what is shown', () => {
  it('never is a whole account number', () => {
    for (const [name, { batches }] of Object.entries(goldens)) {
      const shown = inspectFile(golden(name), { width: 1_000 })
      for (const { accountNumber } of batches.flatMap((batch) => [...batch.entries])) {
        expect(shown).not.toContain(accountNumber)
        expect(shown).toContain(`…${accountNumber.slice(-4)}`)
      }
    }
    const text = writeFile(fileHeader, [batchOf([debit(1, { accountNumber: '1234' })])])
    expect(inspectFile(text)).not.toContain('1234 ')
    expect(inspectFile(golden('changes'), { width: 1_000 })).not.toContain('1918171614')
  })

  it('says when controls do not agree', () => {
    expect(inspectFile(surprise('no-controls-no-header'))).toContain('There is no file header.')
    expect(inspectFile(surprise('no-controls-no-header'))).toContain('do not agree, or are missing')
  })

  it('shows what is kept as it came', () => {
    expect(inspectFile(surprise('iat'), { width: 200 })).toContain('kept as it came (IAT)')
    expect(inspectFile(surprise('unreadable-amount'), { width: 200 })).toContain('  ?  ')
  })

  it('is only as wide as it may be', () => {
    const lines = inspectFile(golden('returns'), { width: 60 }).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBe(60)
  })

  it('holds nothing that a terminal would obey', () => {
    const command = '\u001b[31m'
    const evil = golden('web-debits').toString('latin1').replace('ADA LOVELACE', `${command}RED\u0007\u009b..`)
    expect(inspectFile(evil, { width: 500 })).not.toMatch(/[^\n\x20-\x7e\u{a0}-\u{24f}…]/u)
    expect(inspectFile(surprise('not-a-nacha-file'))).not.toMatch(/[^\n\x20-\x7e\u{a0}-\u{24f}…]/u)
  })

  it('is the beginning of a large file', () => {
    const entries = Array.from({ length: 50 }, (_, n) => debit(n + 1))
    const text = writeFile(fileHeader, [batchOf(entries), batchOf(entries, { batchNumber: 2 })])
    const seen = inspect(text, { entries: 3, batches: 1 })
    expect(seen.batches).toHaveLength(1)
    expect(seen.batches[0]?.shown).toHaveLength(3)
    expect(seen.totals).toMatchObject({ batches: 2, entries: 100 })
    expect(inspectFile(text, { entries: 3, batches: 1 })).toContain('… and 47 more')
    expect(inspectFile(text, { entries: 3, batches: 1 })).toContain('… and 1 batch more')
    expect(inspect('x\n'.repeat(30), { findings: 5 })).toMatchObject({ findingCount: 31, lines: 30 })
  })
})
