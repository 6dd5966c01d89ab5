import { expect, inject, it } from 'vitest'
import { asDay, atEastern } from '../../src/kernel/banking-day.ts'
import { openAuditor } from './auditor/auditor.ts'
import { addUp, tellCounts } from './counts.ts'
import { openDeployment } from './deployment.ts'
import { inLanes } from './lanes.ts'
import { newMerchant } from './people.ts'
import type { Options } from './play.ts'
import { randomOf } from './random.ts'
import { openLane } from './server.ts'
import { type Outcome, simulate } from './simulate.ts'

const server = () => ({ postgresUrl: inject('postgresUrl'), templateDatabase: inject('templateDatabase') })
const first = Number(process.env.SIMULATION_FROM ?? 1)
const seeds = Number(process.env.SIMULATION_SEEDS ?? 300)
/** While one waits for the database, another may think. */
const lanes = 3

const short = (seed: number): Options => ({
  ...{ seed, days: [2, 3, 3, 4, 5][seed % 5] ?? 3, stories: 18, kills: 'anyhow', together: true },
})
/** Long enough for what comes back after two months. */
const long = (seed: number): Options => ({ seed, days: 70, stories: 120, kills: 'anyhow', together: true })

const play = (all: readonly Options[]): Promise<Outcome[]> => inLanes(server(), lanes, all, simulate)

/** What has to happen in a hundred short seeds, if they are to prove anything. About half of what does. */
const least: Readonly<Record<string, number>> = {
  ...{ 'payments: debits': 1_000, 'payments: credits': 15, 'payments: refunds': 150 },
  ...{ 'diaries: approved': 700, 'diaries: held': 80, 'diaries: declined': 250, 'diaries: released': 15 },
  ...{ 'diaries: canceled': 150, 'diaries: scheduled': 600, 'diaries: unscheduled': 30, 'diaries: initiated': 600 },
  ...{ 'diaries: refused': 12, 'diaries: settled': 300, 'diaries: funds released': 180, 'diaries: disbursed': 30 },
  ...{ 'diaries: returned': 100, 'diaries: retried': 8, 'diaries: return reversed': 8, 'diaries: reversed': 15 },
  ...{ 'payouts: made': 60, 'payouts: settled': 15, 'payouts: returned': 2, 'payouts: canceled': 8 },
  ...{ 'files: sent': 250, 'files: rejected': 12, 'files: withdrawn': 15, 'files: released by two': 40 },
  ...{
    'files: balanced': 50,
    'bank: reports': 600,
    'bank: returns': 100,
    'bank: exceptions': 50,
    'bank: resolved': 12,
  },
  ...{ 'reports: made': 200, 'reports: delivered': 200, 'reports: tried again': 2 },
  ...{ 'rates: exceeded': 60, 'rates: held': 10, 'rates: lifted': 5 },
  ...{ 'players: killed': 800, 'players: refused': 200, 'players: together': 350, 'players: waited': 180 },
}

it('agrees with the auditor after every step of every story, whoever dies, whatever the bank does', async () => {
  const outcomes = await play(Array.from({ length: seeds }, (_, index) => short(first + index)))
  const sum = addUp(outcomes.map(({ counts }) => counts))
  console.log(`${seeds} short stories:\n${tellCounts(sum)}`)
  const few = Object.entries(least).filter(([name, many]) => (sum[name] ?? 0) < Math.floor((many * seeds) / 100))
  expect(few.map(([name]) => `${name}: ${sum[name]}`)).toEqual([])
  const idle = outcomes.filter(({ counts }) => counts['diaries: initiated'] === 0)
  expect(idle.length, 'stories in which nothing is sent').toBeLessThanOrEqual(Math.ceil(seeds / 15))
}, 900_000)

it('agrees with the auditor for seventy days', async () => {
  const outcomes = await play([long(1_001), long(1_003)])
  const sum = addUp(outcomes.map(({ counts }) => counts))
  console.log(`2 long stories:\n${tellCounts(sum)}`)
  for (const name of ['diaries: disbursed', 'diaries: retried', 'diaries: return reversed', 'payouts: settled'])
    expect(sum[name], name).toBeGreaterThan(3)
}, 300_000)

it('comes to the same books, whether workers are killed between any two steps or not', async () => {
  const some = [101, 102, 103, 104]
  const playAll = (kills: Options['kills']) =>
    play(some.map((seed) => ({ seed, days: 4, stories: 24, kills, together: false })))
  const [calm, deadly] = [await playAll('none'), await playAll('at once')]
  expect(addUp(calm.map(({ counts }) => counts))['players: killed']).toBe(0)
  for (const [index, one] of deadly.entries()) {
    expect(one.counts['players: killed']).toBeGreaterThan(5)
    expect(one.books).toEqual(calm[index]?.books)
    expect(happened(one)).toEqual(calm[index] && happened(calm[index]))
  }
}, 120_000)

/** Who died is asked again, and told of what was done already: players do more. */
const happened = ({ counts }: Outcome) => Object.entries(counts).filter(([name]) => !name.startsWith('players:'))

it('plays a seed the same every time, in whatever lane, after whatever other', async () => {
  const some = [7, 8, 9, 10, 11, 12].map(short)
  const [one, other] = [await play(some), await play(some.toReversed())]
  expect(other.toReversed()).toEqual(one)
}, 60_000)

/** Each breaks one promise in a way that the database lets pass, as a mistake in the code would. */
const mistakes: readonly (readonly [what: string, statement: string, objection: RegExp])[] = [
  [
    'an entry too many',
    `insert into ledger_entry (journal, debit_account, credit_account, amount, subject_id, subject_seq)
     select journal, debit_account, credit_account, amount, subject_id, subject_seq from ledger_entry
     where subject_id is not null limit 1`,
    /should post .*and the books say/s,
  ],
  [
    'a posting that follows from nothing',
    `with new as (insert into ledger_journal (id, reason, day, posted_at)
       values ('by hand', 'by hand', '2026-01-06', now()) returning number)
     insert into ledger_entry (journal, debit_account, credit_account, amount) select number, 1, 2, 100 from new`,
    /by hand follows from nothing/,
  ],
  [
    'a balance that is not its entries',
    `update ledger_account set debits = debits + 1, credits = credits + 1 where id = 'bank:settlement'`,
    /bank:settlement says/,
  ],
  [
    'a line of a diary that nobody was told of',
    `insert into payment_move (payment_id, seq, fact, moved_at)
     select id, moves + 1, '{"kind":"settled"}', now() from payment where status = 'initiated' limit 1`,
    /its events should be/,
  ],
  [
    'an event twice',
    `insert into event (id, merchant_id, type, resource_type, resource_id, data, happened_at)
     select gen_random_uuid(), merchant_id, type, resource_type, resource_id, data, happened_at from event
     where type = 'payment.authorized' limit 1`,
    /its events should be/,
  ],
  [
    'an event that is missing',
    // What is deleted is seen when everything is read anew.
    unseen(`delete from event using unseen
      where id = (select id from event where type = 'payment.initiated' limit 1)`),
    /its events should be/,
  ],
  [
    'a place of an event that is left out',
    unseen(`update event_sequence set sequence = sequence + 1 from unseen
      where (merchant_id, sequence) = (select merchant_id, max(sequence) from event_sequence group by 1 limit 1)`),
    /the places of .* have gaps/,
  ],
  [
    'a state that is not the last line of its diary',
    `update payment set status = 'authorized' where id = (select id from payment where status = 'initiated' limit 1)`,
    /and its diary says initiated/,
  ],
  [
    'more given back than the refunds are',
    `update payment set refunded = 1 where id = (select id from payment where type = 'debit' and refunded = 0 limit 1)`,
    /counts 1 refunded/,
  ],
  [
    'a payment that was promised, and is not there',
    `update payment set request_key = 'another' where id = (select id from payment where status = 'authorized' limit 1)`,
    /was told 'done'; its payment: undefined/,
  ],
  [
    'an entry of a sent file that is void',
    `update ach_entry set voided = true where trace_number = (select min(trace_number) from ach_entry
       join ach_file on ach_file.id = file_id where ach_file.status = 'accepted' and not voided)`,
    /is void, though nothing took it back/,
  ],
  [
    'an entry of another amount than the bank was told',
    `update ach_entry set amount = amount + 1 where trace_number = (select min(trace_number) from ach_entry
       join ach_file on ach_file.id = file_id where ach_file.status = 'accepted' and not voided)`,
    /its bytes say/,
  ],
  ['a file whose totals are other', `update ach_file set debits = debits + 1`, /its debits are/],
  [
    'a settlement of another file',
    `update ach_file set modifier = '9' where id = (select file_id from ach_batch where settled_on is not null limit 1)`,
    /another file has settled/,
  ],
  [
    'suspense without an exception',
    `with new as (insert into ledger_journal (id, reason, day, posted_at)
       values ('exception:lost', 'suspended', '2026-01-06', now()) returning number)
     insert into ledger_entry (journal, debit_account, credit_account, amount)
     select number, (select number from ledger_account where id = 'bank:settlement'),
       (select number from ledger_account where id = 'ach:suspense'), 100 from new`,
    /exception:lost follows from nothing/,
  ],
  [
    'a report that says what was not so',
    unseen(`update report_piece set content = replace(content, 'AUTHORIZED', 'SUCCEEDED') from unseen
      where content like '%AUTHORIZED%'`),
    /its bytes are not those that were hashed.*should not be there/s,
  ],
  [
    'a return that is counted and never came',
    `update return_rate_day set debits = debits + 1, returned = returned + 1`,
    /came back .*; the diaries say/,
  ],
  ['debits that nobody has held', `update merchant set debits_held_since = now()`, /the debits of .*: held/],
]

/** A statement that no trigger sees, beside `unseen`. */
function unseen(statement: string): string {
  return `with unseen as materialized (select set_config('session_replication_role', 'replica', true)) ${statement}`
}

it.each(mistakes)(
  'objects to %s',
  async (_what, statement, objection) => {
    const options = { ...short(3), days: 5, kills: 'none', together: false } as const
    const told = play([{ ...options, spoil: { atStep: 40, statement } }])
    await expect(told).rejects.toThrow(objection)
    await expect(told).rejects.toThrow("npm run simulate -- --seed 3 --days 5 --stories 18 --kills 'none' --alone")
  },
  30_000,
)

it('has nothing to object to before anything has happened', async () => {
  const lane = await openLane(server())
  const { eternal } = openDeployment(lane, 1, atEastern(asDay('2026-01-05'), '09:00'))
  const bank = { put: new Map(), processed: new Map() }
  const auditor = openAuditor(lane.sql, { bank, merchants: new Map(), told: [], watched: { at: null } })
  await newMerchant(eternal, randomOf(1), 'Corner Store')
  expect(await auditor.audit()).toEqual([])
  expect(auditor.counts.audits).toBe(1)
  expect(await auditor.audit()).toEqual([])
  expect(auditor.counts.audits).toBe(1)
  await lane.close()
})
