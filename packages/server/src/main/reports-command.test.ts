import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Payer, seedPayer, seedPayments } from '../../test/seed-payments.ts'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { openTestTerminal } from '../../test/test-terminal.ts'
import { openVault } from '../net/vault.ts'
import { resealReportDrops } from '../reports/report.commands.ts'
import { openReportDrops } from './report-drops.ts'
import { reportsCommand } from './reports-command.ts'

let t: TestHouse
let payer: Payer
let folder: string
beforeEach(async () => {
  t = await openTestHouse()
  payer = await seedPayer(t.house)
  folder = mkdtempSync(join(tmpdir(), 'rialto-reports-'))
  await seedPayments(t.house, payer, 2)
  t.clock.now = new Date('2026-01-06T11:00:00Z')
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await t.close()
})

const { rialto } = openTestTerminal(
  () => ({ ...t.house, reportDrop: openReportDrops(join(folder, 'reports')) }),
  reportsCommand,
)
const make = async (...more: string[]) =>
  JSON.parse(
    (await rialto('reports', 'make', '--merchant', payer.merchantId, '--day', '2026-01-05', '--json', ...more)).out,
  )

it("makes a report, shows it, and puts it into the merchant's folder", async () => {
  const { id, name, made } = await make()
  expect(name).toBe('Corner Store_Transactions_2026-01-05.csv')
  expect((await make()).id).toBe(id)
  expect((await rialto('reports', 'list')).out).toBe(`${id}  ${name}  not delivered yet\n`)
  const { out } = await rialto('reports', 'show', id, '--content')
  expect(out.split('\n')).toHaveLength(4)
  expect(await rialto('reports', 'deliver', id)).toMatchObject({ code: 0, out: `delivered: ${id}\n` })
  const file = join(folder, 'reports', payer.merchantId, name)
  expect(readFileSync(file)).toHaveLength(made.bytes)
  expect(readFileSync(file, 'utf8').trimEnd().replaceAll('\r\n', '\n')).toBe(out.trimEnd().replaceAll('\r\n', '\n'))
  expect((await rialto('reports', 'show', id)).out).toContain('delivered 2026-01-06T11:00:00.000Z')
})

it('puts reports where the merchant wants them, and back into the folder', async () => {
  const { id, name } = await make()
  const settings = join(folder, 'settings.json')
  const theirs = join(folder, 'theirs')
  writeFileSync(settings, JSON.stringify({ kind: 'folder', outgoing: theirs }))
  const drop = (...words: string[]) => rialto('reports', 'drop', payer.merchantId, ...words)
  expect(await drop('--file', settings)).toMatchObject({ code: 0 })
  expect(await rialto('reports', 'deliver', id)).toMatchObject({ code: 0 })
  expect(readdirSync(theirs)).toContain(name)
  expect(await drop('--folder')).toMatchObject({ code: 0 })
  await rialto('reports', 'deliver', id)
  expect(existsSync(join(folder, 'reports', payer.merchantId, name))).toBe(true)

  writeFileSync(settings, JSON.stringify({ kind: 'sftp', host: 'sftp.example', pasword: 'secret' }))
  const wrong = await drop('--file', settings)
  expect(wrong).toMatchObject({ code: 1, out: '' })
  expect(wrong.note).toContain('pasword is not a setting')
  expect(wrong.note).not.toContain('secret')
  for (const words of [[], ['--folder', '--file', settings], ['--file', join(folder, 'nothing')]])
    expect(await drop(...words)).toMatchObject({ code: 1 })
})

it('says why a report could not be delivered, and ends with 1', async () => {
  const { id } = await make()
  writeFileSync(join(folder, 'reports'), 'a file where the folder should be')
  const { out, code } = await rialto('reports', 'deliver', id)
  expect(code).toBe(1)
  expect(out).toContain('not delivered: ')
  expect((await rialto('reports', 'list', '--merchant', payer.merchantId)).out).toContain('not delivered in 1 tries')
})

it('refuses days that are not over, that are none, and reports that are not there', async () => {
  const words = ['reports', 'make', '--merchant', payer.merchantId, '--day']
  expect(await rialto(...words, '2026-01-06')).toMatchObject({ code: 1 })
  expect(await rialto(...words, '2026-02-30')).toMatchObject({ code: 2 })
  expect(await rialto(...words, '2026-01-05', '--until', '2026-01-04')).toMatchObject({ code: 1 })
  expect(await rialto(...words, '2026-01-05', '--kind', 'menu')).toMatchObject({ code: 2 })
  expect(await rialto('reports', 'show', payer.merchantId)).toMatchObject({ code: 1 })
  expect(await rialto('reports', 'deliver', payer.merchantId)).toMatchObject({ code: 1 })
  expect(await rialto('reports', 'off', payer.merchantId)).toMatchObject({ code: 0 })
  expect(await rialto('reports', 'off', payer.customerId)).toMatchObject({ code: 1 })
  expect((await make('--kind', 'payout')).made.rows).toBe(0)
})

it('keeps the settings of drops readable when the vault key changes', async () => {
  const settings = join(folder, 'settings.json')
  writeFileSync(settings, JSON.stringify({ kind: 'folder', outgoing: join(folder, 'theirs') }))
  await rialto('reports', 'drop', payer.merchantId, '--file', settings)
  const fresh = { id: 'fresh', bytes: Buffer.alloc(32, 7) }
  expect(await resealReportDrops({ ...t.house, vault: openVault([fresh, t.vaultKey]) })).toBe(1)
  expect(await resealReportDrops({ ...t.house, vault: openVault([fresh]) })).toBe(0)
  const { id } = await make()
  const later = openTestTerminal(
    () => ({ ...t.house, vault: openVault([fresh]), reportDrop: openReportDrops(folder) }),
    reportsCommand,
  )
  expect(await later.rialto('reports', 'deliver', id)).toMatchObject({ code: 0 })
  expect(readdirSync(join(folder, 'theirs'))).toHaveLength(2)
})
