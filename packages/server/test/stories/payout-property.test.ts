import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { PaymentId } from '../../src/kernel/id.ts'
import type { Payout, PayoutFact } from '../../src/payouts/payout.ts'
import { sumOf } from '../../src/payouts/payout-statement.ts'
import { openPayoutStory, type PayoutStory } from '../payout-story.ts'
import { openTestHouse, type TestHouse } from '../test-house.ts'

let t: TestHouse
beforeAll(async () => {
  t = await openTestHouse()
})
afterAll(() => t.close())

type Step = Readonly<{ what: keyof typeof steps; which: number; cents: number }>

/** One of those that something can happen to. */
async function chosen(story: PayoutStory, which: number, condition: string): Promise<PaymentId | undefined> {
  const rows = await t.house.sql<{ id: PaymentId }[]>`
    select id from payment where merchant_id = ${story.merchantId} and ${t.house.sql.unsafe(condition)} order by id`
  return rows[which % Math.max(rows.length, 1)]?.id
}

async function payoutIn(story: PayoutStory, which: number, ...states: Payout['status'][]): Promise<Payout | undefined> {
  const found = (await story.payouts()).map(({ payout }) => payout).filter(({ status }) => states.includes(status))
  return found[which % Math.max(found.length, 1)]
}

const sent = (story: PayoutStory, payout: Payout): PayoutFact[] => [
  { kind: 'scheduled', fileId: payout.id, effectiveOn: story.today() },
  { kind: 'initiated', traceNumber: '044444440000001' },
]

const steps = {
  settles: (story: PayoutStory, _which: number, cents: number) => story.settled(4 * cents, 6 * cents),
  async returns(story: PayoutStory, which: number) {
    const id = await chosen(story, which, `type = 'debit' and status in ('settled', 'available', 'disbursed')`)
    if (id) await story.comesBack(id)
  },
  async 'a return is reversed'(story: PayoutStory, which: number) {
    const id = await chosen(story, which, `type = 'debit' and status = 'returned'`)
    if (id) await story.tell([id], { kind: 'return_reversed', code: 'R68' })
  },
  async refunds(story: PayoutStory, which: number, cents: number) {
    const debit = await chosen(story, which, `type = 'debit' and status in ('settled', 'available', 'disbursed')`)
    if (debit) await story.accepted(debit, cents)
  },
  credits: (story: PayoutStory, _which: number, cents: number) => story.accepted(null, cents),
  async 'a refund is canceled'(story: PayoutStory, which: number) {
    const id = await chosen(story, which, `type <> 'debit' and status = 'authorized'`)
    if (id) await story.tell([id], { kind: 'canceled', why: 'asked' })
  },
  async 'a payout arrives'(story: PayoutStory, which: number) {
    const payout = await payoutIn(story, which, 'accepted')
    if (payout) await story.reaches(payout.id)
  },
  async 'a payout comes back'(story: PayoutStory, which: number) {
    const payout = await payoutIn(story, which, 'accepted', 'settled')
    if (!payout) return
    const before = payout.status === 'accepted' ? sent(story, payout) : []
    await story.tellPayout(payout.id, ...before, { kind: 'returned', code: 'R03', on: story.today() })
    await t.house.sql`update merchant set payouts_paused = false`
  },
  async 'a payout came back by mistake'(story: PayoutStory, which: number) {
    const payout = await payoutIn(story, which, 'returned')
    if (payout) await story.tellPayout(payout.id, { kind: 'return_reversed', code: 'R68' })
  },
  async 'a payout is canceled'(story: PayoutStory, which: number) {
    const payout = await payoutIn(story, which, 'accepted')
    if (payout) await story.tellPayout(payout.id, { kind: 'canceled', by: 'ada' })
  },
  async 'a file is refused'(story: PayoutStory, which: number) {
    const payout = await payoutIn(story, which, 'accepted')
    if (payout) await story.tellPayout(payout.id, ...sent(story, payout), { kind: 'refused', reason: 'no' })
  },
  async 'the evening comes'(story: PayoutStory) {
    story.nextDay()
    expect(await story.run()).toMatchObject({ failed: 0 })
  },
} satisfies Record<string, (story: PayoutStory, which: number, cents: number) => Promise<unknown>>

const names = Object.keys(steps) as (keyof typeof steps)[]
const arbitraryStep: fc.Arbitrary<Step> = fc.record({
  // Evenings and payments are what most of life is made of.
  what: fc.constantFrom(...names, 'settles', 'settles', 'the evening comes', 'the evening comes', 'the evening comes'),
  which: fc.nat(50),
  cents: fc.integer({ min: 1, max: 50_000 }),
})

it('pays out what the books say, to the cent, whatever happens in whatever order', { timeout: 120_000 }, async () => {
  let payouts = 0
  await fc.assert(
    fc.asyncProperty(fc.array(arbitraryStep, { minLength: 12, maxLength: 40, size: 'max' }), async (told) => {
      const story = await openPayoutStory(t)
      await t.house
        .sql`update merchant set fee_fixed = 25, fee_bps = 80, return_fee = 50, fee_kept_on_return = ${told.length % 2 === 0}
        where id = ${story.merchantId}`
      for (const { what, which, cents } of told) await steps[what](story, which, cents)
      for (const { payout, lines } of await story.payouts()) expect(sumOf(lines)).toBe(payout.amount.minor)
      expect(await story.wrong()).toEqual([])
      payouts += (await story.payouts()).length
    }),
    { numRuns: 25, seed: 7 },
  )
  expect(payouts).toBeGreaterThan(40)
})
