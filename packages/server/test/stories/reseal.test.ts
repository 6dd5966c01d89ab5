import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { MerchantId } from '../../src/kernel/id.ts'
import { openVault } from '../../src/net/vault.ts'
import { setPayoutAccount } from '../../src/payouts/payout-account.commands.ts'
import { scheduleRails } from '../../src/rails/ach/schedule.commands.ts'
import { setReportDrop } from '../../src/reports/report.commands.ts'
import { subscribe } from '../../src/webhooks/endpoint.commands.ts'
import { advanceTo } from '../advance.ts'
import { rialto } from '../rialto.ts'
import { openTestApi, type TestApi } from '../test-api.ts'
import { openTestBank } from '../test-bank.ts'

let t: TestApi
beforeEach(async () => {
  t = await openTestApi()
})
afterEach(() => t.close())

/** The ids of the keys with which anything in the database is sealed, and where. */
async function sealedWith(): Promise<Map<string, Set<string>>> {
  const columns = await t.house.sql<{ table: string; column: string }[]>`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = 'public' and data_type = 'text'`
  const keys = new Map<string, Set<string>>()
  for (const { table, column } of columns) {
    const { sql } = t.house
    const rows = await sql<{ text: string }[]>`
      select ${sql(column)} as text from ${sql(table)} where ${sql(column)} ~ '^eyJ[A-Za-z0-9_-]+\\.\\.'`
    for (const { text } of rows) {
      const { kid } = JSON.parse(Buffer.from(text.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }
      keys.set(kid, (keys.get(kid) ?? new Set()).add(`${table}.${column}`))
    }
  }
  return keys
}

it('seals everything there is again, so that the former key is no longer needed', async () => {
  const merchantId = t.merchant.id as MerchantId
  const bank = openTestBank(t.bankDrop)
  const { customerId } = await t.merchant.link()
  await scheduleRails(t.house)
  await setPayoutAccount(t.house, merchantId, { routingNumber: '044444444', number: '4400000001', type: 'checking' })
  await setReportDrop(t.house, merchantId, { kind: 'folder', outgoing: '/nowhere/out', incoming: '/nowhere/in' })
  await subscribe(t.house, {
    ...{ merchantId, url: 'http://127.0.0.1:9/', secret: 'a secret, long enough for all', description: null },
    ...{ wish: { kind: 'everything' }, alertEmail: null },
  })
  await t.merchant.pay(customerId, 10)
  await advanceTo(t, '2026-01-06T01:05:00Z')
  const [file] = bank.sent()
  const [entry] = file?.entries ?? []
  if (!file || !entry) throw new Error('nothing was sent')
  bank.settle(file, '2026-01-06')
  bank.change('2026-01-06', entry, 'C01', '9988776655'.padEnd(29))
  t.bankDrop.leave('note.txt', 'the account 12345678 of Ada is closed')
  await advanceTo(t, '2026-01-06T14:00:00Z')

  const before = await sealedWith()
  const everywhere = before.get('test') ?? new Set()
  expect([...everywhere]).toEqual(
    expect.arrayContaining([
      ...['account.number_sealed', 'account_correction.before_sealed', 'ach_entry.number_sealed'],
      ...['ach_file_piece.sealed', 'ach_inbound_piece.sealed', 'ach_report.sealed', 'rail_exception.sealed'],
      ...['merchant.payout_number_sealed', 'merchant.report_drop_sealed', 'webhook_secret.sealed'],
    ]),
  )
  const next = { id: 'next', bytes: randomBytes(32) }
  const rotating = { ...t.house, vault: openVault([next, t.vaultKey]) }
  expect((await rialto(rotating, 'keys', 'reseal')).note).toContain('no longer needed')
  const after = await sealedWith()
  expect([...after.keys()]).toEqual(['next'])
  expect(after.get('next')).toEqual(everywhere)
  const again = await rialto({ ...t.house, vault: openVault([next]) }, 'keys', 'reseal', '--json')
  expect(Object.values(JSON.parse(again.out) as Record<string, number>).every((count) => count === 0)).toBe(true)
})
