import { transact } from '../src/db/connect.ts'
import { addBankingDays, asDay, atEastern, type BankingDay, onOrAfter } from '../src/kernel/banking-day.ts'
import type { PaymentId } from '../src/kernel/id.ts'
import { readBalances } from '../src/ledger/ledger.queries.ts'
import { proveBooks } from '../src/ledger/proof/prove.ts'
import { openStory, type Story } from '../src/ledger/proof/story.fixture.ts'
import type { PaymentFact } from '../src/payments/payment.ts'
import { applyFacts, type FactOf } from '../src/payments/payment-fact.commands.ts'
import { returnedFact, settledFact } from '../src/payments/terms.ts'
import { disbursePayments, runPayouts } from '../src/payouts/payout.jobs.ts'
import { listPayouts, type PayoutWithLines } from '../src/payouts/payout.queries.ts'
import type { PayoutFact, PayoutId } from '../src/payouts/payout.ts'
import { setPayoutAccount } from '../src/payouts/payout-account.commands.ts'
import { applyPayoutFacts } from '../src/payouts/payout-fact.commands.ts'
import type { TestHouse } from './test-house.ts'

/** A merchant whose payments settle and come back as the test says, day after day, and who is paid out. */
export type PayoutStory = Readonly<{
  merchantId: Story['merchantId']
  today(): BankingDay
  /** The next banking day, at five in the afternoon. */
  nextDay(): void
  /** Debits that the bank has settled today. Their money is held for two banking days. */
  settled(...cents: number[]): Promise<PaymentId[]>
  accepted(of: PaymentId | null, cents: number): Promise<PaymentId>
  tell(ids: readonly PaymentId[], fact: PaymentFact | FactOf): Promise<void>
  comesBack(id: PaymentId, code?: string): Promise<void>
  run(): Promise<{ made: number; failed: number }>
  tellPayout(id: PayoutId, ...facts: PayoutFact[]): Promise<void>
  /** Sent, settled today, and its payments told. */
  reaches(id: PayoutId): Promise<void>
  /** Newest first. */
  payouts(): Promise<PayoutWithLines[]>
  /** What the newest payout is made of, in cents. */
  lines(): Promise<Record<string, number>>
  /** The merchant's accounts that hold something, in cents. */
  has(): Promise<Record<string, number>>
  statusOf(id: PaymentId): Promise<string>
  /** What the books' proof finds wrong. */
  wrong(): Promise<string[]>
}>

const ownAccount = { routingNumber: '044444444', number: '4400000001', type: 'checking' }

const fileId = '01890000-0000-7000-8000-000000000000'
const traceNumber = '044444440000001'

export async function openPayoutStory(t: TestHouse): Promise<PayoutStory> {
  const { house } = t
  const { sql } = house
  const { merchantId, pay, tell: tellOne } = await openStory(t)
  await setPayoutAccount(house, merchantId, ownAccount)
  let day = onOrAfter(asDay('2026-01-05'))
  const turn = () => {
    t.clock.now = atEastern(day, '17:00')
  }
  turn()
  const tell: PayoutStory['tell'] = async (ids, fact) => {
    const factOf: FactOf = typeof fact === 'function' ? fact : () => fact
    const { unfit } = await transact(sql, (tx) => applyFacts(house, tx, ids, factOf))
    if (unfit.length > 0) throw new Error(`it is ${unfit[0]?.status}`)
  }
  const tellPayout: PayoutStory['tellPayout'] = async (id, ...facts) => {
    for (const fact of facts) {
      const { unfit } = await transact(sql, (tx) => applyPayoutFacts(house, tx, [id], () => fact))
      if (unfit.length > 0) throw new Error(`it is ${unfit[0]?.status}, and was told ${fact.kind}`)
    }
  }
  const payouts = () =>
    listPayouts(house, merchantId, { limit: 100, after: null, statuses: null, from: null, to: null })
  return {
    merchantId,
    ...{ tell, tellPayout, payouts, today: () => day },
    nextDay() {
      day = addBankingDays(day, 1)
      turn()
    },
    async settled(...cents) {
      const ids: PaymentId[] = []
      for (const amount of cents) ids.push(await pay(amount))
      await tell(ids, { kind: 'scheduled', fileId, effectiveOn: day })
      await tell(ids, { kind: 'initiated', traceNumber })
      await tell(ids, (payment, terms) => settledFact(payment, terms, day))
      return ids
    },
    async accepted(of, cents) {
      const id = house.newId<'payment'>()
      await sql`insert into payment (id, merchant_id, customer_id, account_id, request_key, amount, currency, status,
          created_at, type, refund_of)
        select ${id}, merchant_id, customer_id, id, ${id}, ${cents}, 'USD', 'created', ${house.now()},
          ${of ? 'refund' : 'credit'}, ${of} from account where merchant_id = ${merchantId}`
      await tellOne([id], { kind: 'approved' })
      return id
    },
    comesBack: (id, code = 'R10') => tell([id], (payment, terms) => returnedFact(payment, terms, code, day)),
    run: () => runPayouts(house, day),
    async reaches(id) {
      const on = { effectiveOn: day, fileId, traceNumber }
      await tellPayout(
        id,
        { kind: 'scheduled', ...on },
        { kind: 'initiated', traceNumber },
        { kind: 'settled', on: day },
      )
      await disbursePayments(house, id)
    },
    async lines() {
      const [newest] = await payouts()
      return Object.fromEntries((newest?.lines ?? []).map(({ kind, amount: cents }) => [kind, Number(cents)]))
    },
    async has() {
      const all = await readBalances(house, merchantId)
      const some = all.filter(({ balance }) => balance.minor !== 0n)
      return Object.fromEntries(some.map(({ account, balance }) => [account.split(':')[2], Number(balance.minor)]))
    },
    async statusOf(id) {
      const [row] = await sql<{ status: string }[]>`select status from payment where id = ${id}`
      return row?.status ?? ''
    },
    async wrong() {
      const { checks } = await proveBooks(house)
      // No bank reports anything in these stories: the test tells.
      const told = checks.filter(({ name }) => name !== 'days')
      return told.flatMap(({ name, difference }) => (difference ? [`${name}: ${difference.says}`] : []))
    },
  }
}
