import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../test/test-house.ts'
import type { Tx } from '../../db/connect.ts'
import type { PaymentId } from '../../kernel/id.ts'
import { Money } from '../../kernel/money.ts'
import { books } from '../books.ts'
import { post } from '../ledger.store.ts'
import { balance } from './balance.ts'
import type { Difference } from './check.ts'
import { files } from './files.ts'
import { follows } from './follows.ts'
import { proveBooks } from './prove.ts'
import { differencesWith, monday, openStory, type Story } from './story.fixture.ts'
import { underWay } from './under-way.ts'

let t: TestHouse
let story: Story
let ids: Record<'sent' | 'settled' | 'returned' | 'accepted', PaymentId>
let fileId: string

/** One payment on its way, one settled, one returned; a credit sent, one accepted. The bank's reports beside it. */
beforeAll(async () => {
  t = await openTestHouse()
  story = await openStory(t)
  const [sent, settled, returned] = [await story.pay(1_000), await story.pay(2_000), await story.pay(3_000)]
  const [credit, accepted] = [await story.pay(400, 'credit'), await story.pay(150, 'credit')]
  fileId = await story.send([sent, settled, returned, credit])
  await story.tell([settled, returned], { kind: 'settled', on: monday, fee: '20', fundsOn: monday })
  await story.tell([settled], { kind: 'funds_released' })
  await story.tell([returned], {
    ...{ kind: 'returned', code: 'R01', on: monday, mayRetry: true, feeBack: '0', returnFee: '50' },
  })
  await story.report('settled', { on: monday, debits: '5000', credits: '0' })
  await story.report('returned', { on: monday, code: 'R01', amount: '3000', direction: 'debit' }, 'applied', returned)
  ids = { sent, settled, returned, accepted }
})
afterAll(() => t.close())

const withChange = (change: (tx: Tx) => Promise<unknown>): Promise<Record<string, Difference>> =>
  differencesWith(t, [balance, follows, underWay, files], change)

it('holds for books that nobody touched, and says what it looked at', async () => {
  const { holds, checks } = await proveBooks(t.house)
  expect(checks.filter(({ difference }) => difference)).toEqual([])
  expect(holds).toBe(true)
  expect(Object.fromEntries(checks.map(({ name, looked }) => [name, looked]))).toMatchObject({
    balance: { accounts: 12, journals: 7, entries: 16 },
    follows: { payments: 5, entries: 16 },
    'under-way': { payments: 3, accounts: 4 },
    files: { files: 1, entries: 4 },
    days: { days: 1, reports: 2 },
    statements: { payouts: 0, lines: 0 },
  })
})

it('holds for books in which nothing has happened yet', async () => {
  const empty = await openTestHouse()
  expect((await proveBooks(empty.house)).holds).toBe(true)
  await empty.close()
})

it('names the account whose balance is not the sum of its entries', async () => {
  const found = await withChange(
    (tx) => tx`
    update ledger_account set credits = credits + 1 where id = 'platform:fees'`,
  )
  expect(found).toEqual({
    balance: {
      says: 'platform:fees says debits $0.00, credits $0.91, balance $0.91; its entries come to $0.00, $0.90 and $0.90.',
      // All credits are a cent too many, too.
      more: 1,
    },
  })
})

it('names the payment of which an entry was changed, and what the entry should be', async () => {
  const found = await withChange(
    (tx) => tx`
    update ledger_entry set amount = 1999 where subject_id = ${ids.settled} and amount = 2000 and subject_seq = 3`,
  )
  expect(found.follows).toEqual({
    says:
      `The payment ${ids.settled}: line 3 of its diary, initiated, makes $20.00 ach:debits_in_transit ← ` +
      `${books.pending(story.merchantId)}, and the books do not have it.`,
    more: 1,
  })
  expect(found.balance?.says).toContain('ach:debits_in_transit says debits $60.00')
  expect(found.files?.says).toBe(
    `File ${fileId}: its control record says 4 entries, debits $60.00, credits $4.00; it holds 4 entries, ` +
      'debits $60.00, credits $4.00; the books sent 4 entries, debits $59.99, credits $4.00.',
  )
})

it('names the entry that nothing in the diary makes', async () => {
  const posting = { debit: books.fees, credit: books.available(story.merchantId), amount: Money.of(20n) }
  const postings = [{ ...posting, subjectId: ids.settled, subjectSeq: 4 }]
  const found = await withChange((tx) =>
    post(tx, [{ id: 'kindness', reason: 'fee given back', day: monday, postings }], t.clock.now),
  )
  expect(found).toEqual({
    follows: {
      says:
        `The payment ${ids.settled}: journal kindness has $0.20 platform:fees ← ` +
        `${books.available(story.merchantId)} for line 4 of its diary, which does not make it.`,
      more: 0,
    },
  })
})

it('names the payment whose state is not what its diary comes to', async () => {
  const found = await withChange((tx) => tx`update payment set status = 'canceled' where id = ${ids.sent}`)
  expect(found).toEqual({
    follows: {
      says:
        `The payment ${ids.sent} cannot be as it is: it is canceled after 3 moves, but its diary ends in initiated ` +
        'after 3.',
      more: 0,
    },
    'under-way': { says: 'ach:debits_in_transit holds $10.00, but 0 payments and payouts come to $0.00.', more: 1 },
  })
})

it('names the diary that cannot have happened', async () => {
  const impossible = await withChange(
    (tx) => tx`
    update payment_move set fact = '{"kind": "funds_released"}' where payment_id = ${ids.sent} and seq = 2`,
  )
  expect(impossible.follows?.says).toBe(
    `The payment ${ids.sent} cannot be as it is: line 2 of its diary, funds_released, cannot happen to one that is ` +
      'authorized.',
  )
  const torn = await withChange((tx) => tx`delete from payment_move where payment_id = ${ids.sent} and seq = 2`)
  expect(torn.follows?.says).toContain('line 3 of its diary, initiated, should be line 2')
})

it('names what was deleted: an entry, a journal, a payment', async () => {
  const entry = await withChange((tx) => tx`delete from ledger_entry where subject_id = ${ids.accepted}`)
  expect(entry.follows?.says).toContain(`${ids.accepted}: line 1 of its diary, approved, makes $1.50`)
  // Two accounts, and a journal that is empty now.
  expect(entry.balance?.more).toBe(2)
  const journal = await withChange(
    (tx) => tx`
    delete from ledger_journal where id like ${`payment:${ids.returned}:returned%`}`,
  )
  expect(journal.balance).toMatchObject({ says: expect.stringMatching(/^Entry \d+ of .* is missing\.$/), more: 2 })
  const payment = await withChange((tx) => tx`delete from payment where id = ${ids.settled}`)
  expect(payment.follows).toEqual({
    says: `Entries follow from the diary of ${ids.settled}, and there is no such thing.`,
    more: 0,
  })
})

it('names the account that money is promised from, though nobody is', async () => {
  const found = await withChange(
    (tx) => tx`update payment set status = 'created', moves = 0 where id = ${ids.accepted}`,
  )
  expect(found['under-way']?.says).toBe(
    `${books.outgoing(story.merchantId)} holds $1.50, but 0 payments and payouts come to $0.00.`,
  )
})

it('names the file that holds other money than was sent', async () => {
  const found = await withChange((tx) => tx`update ach_entry set amount = amount - 5 where subject_id = ${ids.sent}`)
  expect(found).toEqual({
    files: {
      says:
        `File ${fileId}: its control record says 4 entries, debits $60.00, credits $4.00; it holds 4 entries, ` +
        'debits $59.95, credits $4.00; the books sent 4 entries, debits $60.00, credits $4.00.',
      more: 0,
    },
  })
})

it('sees more payments than fit on a page', async () => {
  await differencesWith(t, [], async (tx) => {
    await tx`insert into payment (id, merchant_id, customer_id, account_id, request_key, amount, currency, status,
        created_at)
      select gen_random_uuid(), merchant_id, customer_id, account_id, 'many ' || n, 1, 'USD', 'created', created_at
      from payment, generate_series(1, 1100) as n where id = ${ids.sent}`
    expect((await follows.run(tx)).looked).toMatchObject({ payments: 1_105 })
  })
})
