import { Command, CommanderError } from 'commander'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../test/test-house.ts'
import { transact } from '../db/connect.ts'
import { asDay } from '../kernel/banking-day.ts'
import type { MerchantId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { type BookAccount, books, type Posting } from '../ledger/books.ts'
import { post } from '../ledger/ledger.store.ts'
import { createMerchant } from '../merchants/merchant.commands.ts'
import { booksCommand } from './books-command.ts'

let t: TestHouse
let m: MerchantId
const entry = (debit: BookAccount, credit: BookAccount, cents: bigint): Posting => ({
  ...{ debit, credit, amount: Money.of(cents) },
})

beforeAll(async () => {
  t = await openTestHouse()
  m = (await createMerchant(t.house, { name: 'Corner Store' })).merchant.id
  const day = asDay('2026-01-05')
  const goodwill = [entry(books.losses, books.available(m), 123_456n), entry(books.losses, books.fees, 50n)]
  const journals = [
    { id: 'goodwill:1', reason: 'goodwill', day, postings: goodwill },
    { id: 'goodwill:2', reason: 'goodwill', day, postings: [entry(books.losses, books.available(m), 44n)] },
  ]
  await transact(t.house.sql, (tx) => post(tx, journals, t.clock.now))
})
afterAll(() => t.close())

/** What a person would see, and the exit code a script would. */
async function rialto(...words: string[]): Promise<{ out: string; note: string; code: number }> {
  const seen = { out: '', note: '', code: 0 }
  const terminal = {
    out(text: string) {
      seen.out += `${text}\n`
    },
    note(text: string) {
      seen.note += `${text}\n`
    },
    end(code: number) {
      seen.code = code
    },
    leave(code: number) {
      seen.code = code
    },
  }
  const open = async () => ({ house: t.house, close: async () => undefined })
  const program = new Command('rialto').addCommand(booksCommand(open, terminal))
  await program.parseAsync(words, { from: 'user' }).catch((error) => {
    if (!(error instanceof CommanderError)) throw error
  })
  return seen
}
const json = async (...words: string[]) => JSON.parse((await rialto(...words, '--json')).out)

it('shows whose the money is, amounts under each other', async () => {
  const { out, code } = await rialto('books', 'balances')
  expect(code).toBe(0)
  expect(out).toMatch(/^platform:losses +\$1,235\.50 {2}debit$/m)
  expect(out).toMatch(/^platform:fees +\$0\.50 {2}credit$/m)
  expect(out).toMatch(/^merchant:\*:available +\$1,235\.00 {2}credit$/m)
  const { accounts } = await json('books', 'balances', '--merchant', m)
  expect(accounts).toHaveLength(5)
  expect(accounts[0]).toEqual({
    ...{ account: books.available(m), normal: 'credit', floorCents: null },
    ...{ debitsCents: '0', creditsCents: '123500', balanceCents: '123500' },
  })
})

it('shows an account’s statement page by page', async () => {
  const first = await rialto('books', 'account', 'platform:losses', '--limit', '2')
  expect(first.out).toMatch(
    /^platform:losses {2}\$1,235\.50\nday .*\n2026-01-05 {2}debit +\$0\.44 +\$1,235\.50 {2}merchant:/,
  )
  expect(first.out).toMatch(/goodwill {2}goodwill:2$/m)
  const [, cursor = ''] = /--after (\S+)/.exec(first.note) ?? []
  const rest = await json('books', 'account', 'platform:losses', '--limit', '2', '--after', cursor)
  expect(rest.lines).toHaveLength(1)
  expect(rest.lines[0]).toMatchObject({ amountCents: '123456', balanceCents: '123456', subject: null })
  expect(rest.next).toBeNull()
  expect((await rialto('books', 'account', 'ach:suspense')).out).toBe('ach:suspense  $0.00\nIt has no entries.\n')
})

it('shows a journal: what it moved, and its entries', async () => {
  const { out } = await rialto('books', 'journal', 'goodwill:1')
  expect(out).toContain('goodwill:1  goodwill, 2026-01-05, posted 2026-01-05T15:00:00.000Z')
  expect(out).toMatch(/moved in all\n {2}\$1,234\.56 {2}platform:losses ← merchant:\S+:available {2}1 entry/)
  const told = await json('books', 'journal', 'goodwill:1', '--limit', '1')
  expect(told).toMatchObject({ id: 'goodwill:1', day: '2026-01-05', entries: [{ debit: 'platform:losses' }] })
  expect((await json('books', 'journal', 'goodwill:1', '--after', told.next)).entries).toHaveLength(1)
})

it('proves the books, and ends with 1 when anything differs', async () => {
  const holds = await rialto('books', 'prove')
  expect(holds).toMatchObject({ code: 0, note: '' })
  expect(holds.out).toMatch(/^holds {4}Debits equal credits, .* \(accounts 12, journals 2, entries 3\)$/m)
  await transact(t.house.sql, async (tx) => {
    await tx`set local session_replication_role = replica`
    await tx`update ledger_account set credits = credits - 1 where id = 'platform:fees'`
  })
  const differs = await rialto('books', 'prove')
  expect(differs.code).toBe(1)
  expect(differs.out).toMatch(/^DIFFERS {2}Debits equal credits.*\n {9}platform:fees says .*\n {9}And 1 more\.$/m)
  expect(await json('books', 'prove')).toMatchObject({
    holds: false,
    checks: [{ difference: { more: 1 } }, {}, {}, {}, {}, {}],
  })
})

it.each([
  [1, ['account', 'bank:vault'], 'NOT_FOUND: The books have no such account.'],
  [1, ['account', 'bank:settlement', '--after', 'yesterday'], 'after must be the cursor'],
  [1, ['journal', 'nonsense'], 'NOT_FOUND: The books have no such journal.'],
  [1, ['balances', '--merchant', 'ffffffff-1180-7fec-ab66-ffc86f38d952'], 'There is no such merchant.'],
  [2, ['account', 'bank:settlement', '--limit', '0'], 'not a number of lines'],
  [2, ['balances', '--merchant', 'me'], 'not an id'],
])('ends with %i at %j', async (code, words, note) => {
  expect(await rialto('books', ...words)).toMatchObject({ code, out: '', note: expect.stringContaining(note) })
})

it('shows an example in the help of every verb', async () => {
  for (const verb of ['balances', 'account', 'journal', 'prove']) {
    const { out, code } = await rialto('books', verb, '--help')
    expect([verb, code, out.includes(`Example:\n  rialto books ${verb}`)]).toEqual([verb, 0, true])
  }
})
