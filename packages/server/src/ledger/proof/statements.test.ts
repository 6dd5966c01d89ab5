import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../test/test-house.ts'
import type { Tx } from '../../db/connect.ts'
import { asBankingDay } from '../../kernel/banking-day.ts'
import { makePayout } from '../../payouts/payout.commands.ts'
import { follows } from './follows.ts'
import { proveBooks } from './prove.ts'
import { statements } from './statements.ts'
import { differencesWith, monday, openStory } from './story.fixture.ts'
import { underWay } from './under-way.ts'

let t: TestHouse
let first: string
let second: string

/** Two payouts: of $20.00 less a fee, and of $9.00 that was released the day after. */
beforeAll(async () => {
  t = await openTestHouse()
  const story = await openStory(t)
  await t.house.sql`update merchant set payout_routing_number = '011000015', payout_number_sealed = 'sealed',
    payout_last_four = '6789', payout_account_type = 'checking'`
  const payments = [await story.pay(2_000), await story.pay(900)]
  await story.send(payments)
  await story.tell(payments.slice(0, 1), { kind: 'settled', on: monday, fee: '20', fundsOn: monday })
  await story.tell(payments.slice(1), { kind: 'settled', on: monday, fee: '0', fundsOn: monday })
  const payouts: string[] = []
  for (const [payment, day] of [
    [payments[0], '2026-01-05'],
    [payments[1], '2026-01-06'],
  ] as const) {
    if (payment) await story.tell([payment], { kind: 'funds_released' })
    const payout = await makePayout(t.house, story.merchantId, asBankingDay(day))
    if (payout) payouts.push(payout.id)
  }
  ;[first = '', second = ''] = payouts
})
afterAll(() => t.close())

const prove = () => proveBooks(t.house, [follows, underWay, statements])
const withChange = async (change: (tx: Tx) => Promise<unknown>): Promise<Record<string, string>> => {
  const found = await differencesWith(t, [follows, underWay, statements], change)
  return Object.fromEntries(Object.entries(found).map(([name, { says }]) => [name, says]))
}

it('holds for payouts whose statements go on from each other', async () => {
  const { holds, checks } = await prove()
  expect(checks.flatMap(({ difference }) => difference ?? [])).toEqual([])
  expect(holds).toBe(true)
  expect(checks.map(({ looked }) => looked)).toMatchObject([
    { payments: 2, payouts: 2 },
    { payouts: 2 },
    { payouts: 2 },
  ])
})

it('names the payout whose lines do not add up to its amount, or to what became available', async () => {
  const changed = await withChange(
    (tx) => tx`update payout_line set amount = amount + 1
    where payout_id = ${first} and kind = 'gross'`,
  )
  expect(changed).toEqual({
    statements:
      `The payout ${first} is of $19.80; its lines come to $19.81, of which $19.81 became available in its period; ` +
      'the books say $19.80.',
  })
})

it('names the payout that does not begin where the one before it ended', async () => {
  const { statements: says } = await withChange(
    (tx) => tx`update payout set after_entry = after_entry + 1
    where id = ${second}`,
  )
  expect(says).toContain(`The payout ${second}`)
})

it('names the payout whose entries or state do not follow from its diary', async () => {
  const changed = await withChange(
    (tx) => tx`update payout set status = 'settled', settled_on = ${monday}
    where id = ${second}`,
  )
  expect(changed.follows).toBe(
    `The payout ${second} cannot be as it is: it is settled after 1 moves, but its diary ends in accepted after 1.`,
  )
  expect(changed['under-way']).toMatch(/:outgoing holds \$28\.80, but 1 payments and payouts come to \$19\.80\.$/)
  const gone = await withChange((tx) => tx`delete from ledger_entry where subject_id = ${first}`)
  expect(gone.follows).toContain(`The payout ${first}: line 1 of its diary, accepted, makes $19.80`)
})
