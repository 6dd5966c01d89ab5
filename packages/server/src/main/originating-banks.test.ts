import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parseDrop } from '../rails/drops/read-settings.ts'
import { parseOriginatingBanks } from '../rails/originating-bank.ts'

const page = readFileSync(join(import.meta.dirname, '../../../../docs/operators/originating-banks.md'), 'utf8')
const [bank = '', windows = ''] = [...page.matchAll(/```json\n([^`]*)```/g)].map(([, json]) => json)

it('takes the bank that the page for operators shows', () => {
  const shown = JSON.parse(bank) as { drop: unknown }
  expect(parseOriginatingBanks([shown])).not.toHaveProperty('problems')
  expect(parseDrop(shown.drop)).not.toHaveProperty('problems')
})

it('takes the windows that it shows', () => {
  const shown = { ...(JSON.parse(bank) as object), ...(JSON.parse(`{${windows}}`) as object) }
  expect(parseOriginatingBanks([shown])).toMatchObject([{ windows: [{ cutOffs: [{ at: '13:45' }, { at: '19:30' }] }] }])
})

it('says of each setting what it is', () => {
  const read = parseOriginatingBanks([{ ...(JSON.parse(bank) as object), balanced: true, offsetAccount: {} }])
  if ('problems' in read) expect(read.problems.join()).toContain('offsetAccount')
  const [settings] = parseOriginatingBanks([JSON.parse(bank)]) as unknown as [object]
  for (const setting of [...Object.keys(settings), 'offsetAccount']) expect(page).toContain(`| \`${setting}\``)
})
