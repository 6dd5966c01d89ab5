import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openWriter } from '@rialto/nacha'
import { afterAll, expect, it } from 'vitest'
import { openTestTerminal } from '../../test/test-terminal.ts'
import type { House } from '../house.ts'
import { nachaCommand } from './nacha-command.ts'

const noHouse = (): House => {
  throw new Error('this command needs no house')
}
const { rialto, json } = openTestTerminal(noHouse, (_, terminal) => nachaCommand(terminal))
const folder = mkdtempSync(join(tmpdir(), 'rialto-nacha-'))
afterAll(() => rmSync(folder, { recursive: true }))

const golden = (name: string) => join(import.meta.dirname, '../../../nacha/fixtures/golden', name)
function written(name: string, text: string): string {
  writeFileSync(join(folder, name), text, 'latin1')
  return join(folder, name)
}

it('shows what is in a file, account numbers by their last four', async () => {
  const { out, code } = await rialto('nacha', 'inspect', golden('web-debits.ach'))
  expect(code).toBe(0)
  expect(out).toContain('The control records agree.')
  expect(out).toContain('No findings.')
  const accounts = readFileSync(golden('web-debits.ach'), 'latin1')
    .split('\n')
    .filter((line) => line.startsWith('6'))
    .map((line) => line.slice(12, 29).trim())
  for (const account of accounts) expect(out).not.toContain(account)
  const read = await json('nacha', 'inspect', golden('web-debits.ach'), '--entries', '1')
  expect(read.totals.debitsCents).toMatch(/^\d+$/)
  expect(read.batches[0].shown).toHaveLength(1)
})

it('judges a file by every rule, and ends with 1 when it may not leave', async () => {
  const good = await rialto('nacha', 'validate', golden('web-debits.ach'))
  expect(good).toEqual({ code: 0, note: '', out: 'No findings.\n' })
  const unbalanced = await rialto('nacha', 'validate', golden('web-debits.ach'), '--balanced')
  expect(unbalanced).toMatchObject({ code: 1, note: '' })
  expect(await rialto('nacha', 'validate', golden('balanced.ach'), '--balanced')).toMatchObject({ code: 0 })
  expect((await json('nacha', 'validate', golden('web-debits.ach'), '--balanced')).count).toBeGreaterThan(0)
  expect(await rialto('nacha', 'validate', golden('returns.ach'))).toMatchObject({ code: 1 })
  expect(await rialto('nacha', 'validate', golden('returns.ach'), '--from-operator')).toMatchObject({ code: 0 })
})

it('ends with 1 when a file it shows is not as it should be, and still shows it', async () => {
  const text = readFileSync(golden('web-debits.ach'), 'latin1')
  const short = written('short.ach', text.split('\n').slice(0, 4).join('\n'))
  const { out, code } = await rialto('nacha', 'inspect', short)
  expect([code, out.includes('The control records do not agree, or are missing.')]).toEqual([1, true])
})

it('counts the findings of a file that is wrong throughout, and shows the first thousand', async () => {
  const wrong = written('wrong.ach', 'nothing that anybody knows\n'.repeat(1_500))
  const { count, findings } = await json('nacha', 'validate', wrong)
  expect(findings).toHaveLength(1_000)
  expect(count).toBeGreaterThanOrEqual(1_500)
  expect((await rialto('nacha', 'validate', wrong)).out).toMatch(/\n {2}… and \d+ more\n$/)
})

it('reads a file of any size some bytes at a time', async () => {
  const header = {
    ...{ immediateDestination: '091000019', destinationName: 'FIRST BANK', immediateOrigin: '1234567890' },
    ...{ originName: 'RIALTO', creationDate: '2026-03-02', creationTime: '14:05', fileIdModifier: 'A' },
  }
  const writer = openWriter(header)
  const parts = [writer.start()]
  const batch = { companyName: 'STORE', companyId: '1234567890', secCode: 'WEB', entryDescription: 'PURCHASE' }
  parts.push(writer.batch({ ...batch, effectiveDate: '2026-03-03', odfi: '09100001', batchNumber: 1 }))
  for (let count = 1; count <= 20_000; count++)
    parts.push(
      writer.entry({
        ...{ transactionCode: 27, rdfi: '021000021', accountNumber: '123456789', amount: 1n, discretionary: 'S' },
        ...{
          individualId: `P${count}`,
          individualName: 'ADA',
          traceNumber: `09100001${String(count).padStart(7, '0')}`,
        },
      }),
    )
  parts.push(writer.endBatch(), writer.end())
  const large = written('large.ach', parts.join(''))
  expect(await rialto('nacha', 'validate', large)).toMatchObject({ code: 0, out: 'No findings.\n' })
  expect((await json('nacha', 'inspect', large)).totals).toMatchObject({ entries: 20_000, debitsCents: '20000' })
})

it.each([
  [join(folder, 'missing.ach'), 'there is no such file'],
  [folder, 'it is a directory'],
  [written('empty.ach', ''), 'it is empty'],
])('says why %s cannot be looked at', async (file, why) => {
  for (const verb of ['inspect', 'validate'])
    expect(await rialto('nacha', verb, file)).toEqual({ code: 1, out: '', note: `${file}: ${why}\n` })
})

it.each([[['inspect']], [['validate', 'a', 'b']], [['inspect', 'a', '--entries', '0']], [['nonsense']]])(
  'ends with 2 when it is used wrongly: %j',
  async (words) => {
    expect(await rialto('nacha', ...words)).toMatchObject({ code: 2, out: '', note: expect.stringMatching(/./) })
  },
)

it('shows an example in the help of every verb', async () => {
  for (const verb of ['inspect', 'validate']) {
    const { out, code } = await rialto('nacha', verb, '--help')
    expect([verb, code, out.includes(`Example:\n  rialto nacha ${verb}`)]).toEqual([verb, 0, true])
  }
})
