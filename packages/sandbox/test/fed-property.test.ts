import { readdir } from 'node:fs/promises'
import fc from 'fast-check'
import postgres from 'postgres'
import { expect, it } from 'vitest'
import { at, type Draft, type Originator, openOriginator } from './pretend-originator.ts'

/** Any story of files, days and faults; the auditor adds up what the bank wrote and compares it with what it keeps. */

const people = ['profile_522', 'profile_08', 'profile_mfa', 'profile_closed', 'profile_disputes', 'profile_moved']
const slugs = ['finbank-oauth', 'finbank-profiles-a', 'finbank-profiles-b']

type Happening =
  | { kind: 'send'; drafts: Draft[] }
  | { kind: 'wait'; hours: number }
  | { kind: 'fault'; fault: string }
  | { kind: 'restart' }

const draft: fc.Arbitrary<Draft> = fc.record({
  to: fc.constantFrom(...people),
  bank: fc.constantFrom(...slugs),
  amount: fc.oneof(fc.bigInt(1n, 2_000_00n), fc.constantFrom(101_01n, 101_10n, 102_01n, 102_04n, 103_10n, 103_02n)),
  direction: fc.constantFrom('debit' as const, 'credit' as const),
  sec: fc.constant('PPD'),
  effective: fc.constantFrom('2026-01-05', '2026-01-06', '2026-01-09', '2026-01-19', '2026-02-13'),
})
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('send' as const),
      drafts: fc.array(draft, { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 0, max: 400 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('fault' as const),
      fault: fc.constantFrom('deliver_twice', 'lose_acknowledgment', 'untimely_return', 'refuse_file'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
)

async function live(bank: Originator, story: readonly Happening[]): Promise<Map<string, string>> {
  let now = at('2026-01-05 18:00').getTime()
  const turn = async (hours: number): Promise<void> => {
    now += hours * 3_600_000
    const { status } = await bank.control('/clock', 'PUT', { now: new Date(now).toISOString() })
    expect(status).toBe(200)
  }
  for (const one of story) {
    if (one.kind === 'send') await bank.send(...one.drafts)
    if (one.kind === 'wait') await turn(one.hours)
    if (one.kind === 'fault') await bank.control('/fed/faults', 'POST', { kind: one.fault })
    if (one.kind === 'restart') await bank.sandbox.restart()
  }
  await turn(0)
  await turn(24 * 120)
  const names = (await readdir(bank.incoming)).sort()
  return new Map(await Promise.all(names.map(async (name) => [name, await bank.text(name)] as const)))
}

const cents = (dollars: string): bigint => BigInt(dollars.replace('.', ''))

/** What the platform would believe from the files alone: its cash, and who came back. */
async function believe(bank: Originator, files: ReadonlyMap<string, string>) {
  const texts = new Map([...files].map(([name, text]) => [text, name]))
  let cash = 0n
  const back: string[] = []
  for (const name of texts.values()) {
    if (name.startsWith('settlement'))
      for (const row of await bank.rows(name)) cash += cents(row[6] ?? '0.00') - cents(row[7] ?? '0.00')
    if (!name.startsWith('returns')) continue
    const file = await bank.returns(name)
    expect(file).toMatchObject({ agrees: true, findings: [] })
    for (const entry of file.batches.flatMap((batch) => batch.entries)) {
      if (entry.addenda?.kind !== 'return') continue
      back.push(entry.addenda.originalTrace)
      cash += entry.transactionCode === 26 ? -entry.amount : entry.amount
    }
  }
  return { cash, back: back.toSorted() }
}

async function audit(bank: Originator, files: ReadonlyMap<string, string>): Promise<void> {
  const sql = postgres(bank.sandbox.databaseUrl, { max: 1, types: { bigint: postgres.BigInt } })
  try {
    const believed = await believe(bank, files)
    const [kept] = await sql`select coalesce((select balance from fed_cash order by id desc limit 1), 0) as cash`
    expect(believed.cash).toBe(kept?.cash)
    const returned = await sql`select trace from fed_entry where status = 'returned' order by trace`
    expect(believed.back).toEqual(returned.map(({ trace }) => trace))
    expect(await sql`select trace from fed_entry where status = 'waiting'`).toEqual([])
    // What the customers lost is what the platform has: nothing is made, nothing is lost.
    const [moved] =
      await sql`select coalesce(-sum(amount), 0)::bigint as sum from account_transaction where ach_entry is not null`
    expect(moved?.sum).toBe(believed.cash)
    const off = await sql`
      select account.id from account join account_transaction on account_id = account.id
      where ach_entry is not null group by account.id, current_balance, available_balance
      having current_balance <> available_balance`
    expect(off).toEqual([])
  } finally {
    await sql.end()
  }
}

it('keeps every cent under any story, and tells the same story in the same words', { timeout: 240_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 3, maxLength: 9 }), async (story) => {
      const told: Map<string, string>[] = []
      for (let time = 0; time < 2; time++) {
        const bank = await openOriginator('2026-01-05 18:00')
        try {
          const files = await live(bank, story)
          if (time === 0) await audit(bank, files)
          told.push(files)
        } finally {
          await bank.close()
        }
      }
      expect(told[1]).toEqual(told[0])
    }),
    { numRuns: 4, seed: 1 },
  )
})
