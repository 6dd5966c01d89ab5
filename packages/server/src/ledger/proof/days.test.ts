import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestHouse, type TestHouse } from '../../../test/test-house.ts'
import { transact } from '../../db/connect.ts'
import type { PaymentId } from '../../kernel/id.ts'
import { Money } from '../../kernel/money.ts'
import { type BookAccount, books } from '../books.ts'
import { post } from '../ledger.store.ts'
import { days } from './days.ts'
import { proveBooks } from './prove.ts'
import { monday, openStory, type Story } from './story.fixture.ts'

let t: TestHouse
let story: Story
let settled: PaymentId
let sent: PaymentId

beforeAll(async () => {
  t = await openTestHouse()
  story = await openStory(t)
  ;[settled, sent] = [await story.pay(3_000), await story.pay(1_000)]
  await story.send([settled, sent])
})
afterAll(() => t.close())

const says = async () => (await proveBooks(t.house, [days])).checks[0]?.difference?.says

// One story, told on.

it('names the day on which the bank reported other money than the books moved', async () => {
  await story.report('settled', { on: monday, debits: '3000', credits: '0' })
  expect(await says()).toBe('On 2026-01-05 bank:settlement moved by $0.00, but the reports come to $30.00.')
  await story.tell([settled], { kind: 'settled', on: monday, fee: '0', fundsOn: monday })
  expect(await says()).toBeUndefined()
})

it('does not judge a day until all of its reports are applied', async () => {
  const report = await story.report('settled', { on: '2026-01-06', debits: '700', credits: '100' }, 'new')
  expect(await says()).toBeUndefined()
  await t.house.sql`update ach_report set status = 'applied' where id = ${report}`
  expect(await says()).toContain('On 2026-01-06 bank:settlement moved by $0.00, but the reports come to $6.00')
  await t.house.sql`delete from ach_report where id = ${report}`
})

it('knows that what came back before it had settled moved nothing at the bank', async () => {
  const told = { on: monday, code: 'R13', amount: '1000', direction: 'debit' }
  await story.tell([sent], {
    ...{ kind: 'returned', code: 'R13', on: monday, mayRetry: false, feeBack: '0', returnFee: '0' },
  })
  await story.report('returned', told, 'applied', sent)
  expect(await says()).toBeUndefined()
})

it('takes what a return and a dishonored return moved', async () => {
  const told = { on: monday, amount: '3000', direction: 'debit' }
  await story.report('returned', { ...told, code: 'R01' }, 'applied', settled)
  await story.tell([settled], {
    ...{ kind: 'returned', code: 'R01', on: monday, mayRetry: false, feeBack: '0', returnFee: '0' },
  })
  expect(await says()).toBeUndefined()
  await story.tell([settled], { kind: 'return_reversed', code: 'R61' })
  expect(await says()).toContain('moved by $30.00, but the reports come to $0.00')
  await story.report('dishonored', { ...told, code: 'R61' }, 'applied', settled)
  expect(await says()).toBeUndefined()
})

it('takes what is in suspense, and what the bank put right on the day on which a person said so', async () => {
  const { sql } = t.house
  const moves = (id: string, debit: BookAccount, credit: BookAccount) => {
    const postings = [{ debit, credit, amount: Money.of(40n) }]
    return transact(sql, (tx) => post(tx, [{ id, reason: 'exception', day: monday, postings }], t.clock.now))
  }
  const id = await story.report('settled', { on: monday, debits: '0', credits: '40' }, 'excepted')
  expect(await says()).toContain('moved by $30.00, but the reports come to $29.60')
  await moves('exception:1', books.suspense, books.bank)
  expect(await says()).toBeUndefined()
  await sql`insert into rail_exception (id, bank_id, report_id, reason, says, amount, raised_at, resolved_at,
      resolved_by, resolution)
    values (${id}, 'meridian', ${id}, 'no_such_file', '', -40, ${t.clock.now}, ${t.clock.now}, 'ops', 'settled_back: seen')`
  expect(await says()).toContain('moved by $29.60, but the reports come to $30.00')
  await moves('exception:1:resolved', books.bank, books.suspense)
  expect(await says()).toBeUndefined()
})
