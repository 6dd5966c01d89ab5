import { expect, inject, it } from 'vitest'
import { asDay, atEastern } from '../../src/kernel/banking-day.ts'
import { openAuditor } from './auditor/auditor.ts'
import { openDeployment } from './deployment.ts'
import { newMerchant } from './people.ts'
import { randomOf } from './random.ts'
import { openDatabase } from './server.ts'
import { type Options, type Outcome, simulate } from './simulate.ts'

const server = () => ({ postgresUrl: inject('postgresUrl'), templateDatabase: inject('templateDatabase') })
const short: Omit<Options, 'seed'> = { days: 8, stories: 60, kills: 'anyhow' }
const first = Number(process.env.SIMULATION_FROM ?? 1)
const seeds = Number(process.env.SIMULATION_SEEDS ?? 20)

it('agrees with the auditor after every step of every story, whoever dies, whatever the bank does', async () => {
  const sum: Record<string, number> = {}
  for (let seed = first; seed < first + seeds; seed++) {
    const { counts } = await simulate(server(), { ...short, seed })
    for (const [name, many] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + many
  }
  // Stories in which little happens prove little.
  for (const name of ['payments', 'payouts', 'exceptions', 'rejected', 'returns', 'kills', 'failed'])
    expect(sum[name], name).toBeGreaterThan(seeds / 10)
}, 240_000)

it('comes to the same books, whether workers are killed between any two steps or not', async () => {
  for (const seed of [101, 102, 103]) {
    const play = (kills: Options['kills']) => simulate(server(), { ...short, seed, kills })
    const [calm, deadly] = [await play('none'), await play('at once')]
    expect(calm.counts.kills).toBe(0)
    expect(deadly.counts.kills).toBeGreaterThan(5)
    expect(deadly.books).toEqual(calm.books)
    expect(happened(deadly)).toEqual(happened(calm))
  }
}, 60_000)

const happened = ({ counts: { kills: _kills, audits: _audits, steps: _steps, ...rest } }: Outcome) => rest

it('plays a seed the same every time', async () => {
  const [one, other] = [
    await simulate(server(), { ...short, seed: 7 }),
    await simulate(server(), { ...short, seed: 7 }),
  ]
  expect(other).toEqual(one)
}, 30_000)

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
    `with gone as (select set_config('session_replication_role', 'replica', false))
     delete from event using gone where id = (select id from event where type = 'payment.initiated' limit 1)`,
    /its events should be/,
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
    'suspense without an exception',
    `with new as (insert into ledger_journal (id, reason, day, posted_at)
       values ('exception:lost', 'suspended', '2026-01-06', now()) returning number)
     insert into ledger_entry (journal, debit_account, credit_account, amount)
     select number, (select number from ledger_account where id = 'bank:settlement'),
       (select number from ledger_account where id = 'ach:suspense'), 100 from new`,
    /exception:lost follows from nothing/,
  ],
]

it.each(mistakes)(
  'objects to %s',
  async (_what, statement, objection) => {
    const told = simulate(server(), { ...short, seed: 3, kills: 'none', spoil: { atStep: 60, statement } })
    await expect(told).rejects.toThrow(objection)
    await expect(told).rejects.toThrow('npm run simulate -- --seed 3 --days 8')
  },
  30_000,
)

it('has nothing to object to before anything has happened', async () => {
  const { sql, close } = await openDatabase(server())
  const { eternal } = openDeployment(sql, 1, atEastern(asDay('2026-01-05'), '09:00'))
  const auditor = openAuditor(sql, { drop: new Map(), processed: new Map() })
  await newMerchant(eternal, randomOf(1), 'Corner Store')
  expect(await auditor.audit()).toEqual([])
  expect(auditor.counts.audits).toBe(1)
  expect(await auditor.audit()).toEqual([])
  expect(auditor.counts.audits).toBe(1)
  await close()
})
