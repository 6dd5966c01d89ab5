import { expect } from 'vitest'
import { transact } from '../src/db/connect.ts'
import { addBankingDays, asDay, atEastern, easternDay } from '../src/kernel/banking-day.ts'
import type { MerchantId, PaymentId } from '../src/kernel/id.ts'
import { Money } from '../src/kernel/money.ts'
import { readBalances } from '../src/ledger/ledger.queries.ts'
import type { PaymentFact } from '../src/payments/payment.ts'
import { applyFacts, type FactOf } from '../src/payments/payment-fact.commands.ts'
import { returnedFact, settledFact } from '../src/payments/terms.ts'
import { type Answer, rows } from './answer.ts'
import { rialto } from './rialto.ts'
import { payment, type TestApi, type TestMerchant } from './test-api.ts'

type Teller = Readonly<{
  t: TestApi
  merchant: TestMerchant
  customerId: string
  ids: Map<string, string>
  /** The books before the story began: other stories are in them. */
  before: Cents
}>
type Cents = Readonly<Record<string, bigint>>

/**
 * Tells a story to the real API, a line each; the last words of a line are what must come of it.
 *
 *     terms --fee-bps 80                    what the merchant has agreed to
 *     pay P1 100.00 AUTHORIZED              a status, or: refused ERROR_CODE
 *     refund R1 of P1 30.00 AUTHORIZED      also: left 40.00, after a refusal
 *     credit C1 5.00 AUTHORIZED
 *     cancel | release | retry P1 CANCELED
 *     schedule | send | withdraw P1         the rail puts it into a file, sends it, takes the file back
 *     settle P1 · free P1 · payout P1 · dishonored P1
 *     return P1 R01
 *     is P1 SUCCEEDED · can P1 refund       its status; what may be asked of it (or: nothing)
 *     books available 99.20 held 0.00       the merchant's parts, and bank, fees, debits, credits
 *     events P1 created authorized          all of them, in order
 *     clock 2026-01-06 09:00                house time, in New York
 */
export async function tellStory(t: TestApi, text: string): Promise<void> {
  const merchant = await t.newMerchant()
  const { customerId } = await merchant.link()
  const teller: Teller = { t, merchant, customerId, ids: new Map(), before: await booksOf(t, merchant.id) }
  const lines = text.split('\n').map((line) => line.trim())
  for (const line of lines.filter(Boolean))
    await tellLine(teller, line).catch((error: Error) => {
      error.message = `in the line '${line}': ${error.message}`
      throw error
    })
}

async function tellLine(teller: Teller, line: string): Promise<void> {
  const [verb = '', ...words] = line.split(/\s+/)
  const tell = verbs[verb]
  if (!tell) throw new Error(`there is no verb '${verb}'`)
  await tell(teller, words, line)
}

type Verb = (teller: Teller, words: string[], line: string) => Promise<unknown>

const verbs: Readonly<Record<string, Verb>> = {
  async terms({ t, merchant }, words) {
    expect(await rialto(t.house, 'merchant', 'set', merchant.id, ...words)).toMatchObject({ code: 0 })
  },
  async pay(teller, [name = '', dollars, ...outcome]) {
    const answer = await teller.merchant.pay(teller.customerId, Number(dollars))
    mustBe(teller, name, answer, 200, outcome)
  },
  async credit(teller, [name = '', dollars, ...outcome]) {
    const { merchant, customerId } = teller
    const body = credit(merchant.id, customerId, Number(dollars))
    mustBe(teller, name, await merchant.call('POST', '/v1/payments', { body }), 200, outcome)
  },
  async refund(teller, [name = '', _of, debit = '', dollars, ...outcome]) {
    const body = refund(idOf(teller, debit), Number(dollars))
    mustBe(teller, name, await teller.merchant.call('POST', '/v1/refunds', { body }), 201, outcome)
  },
  cancel: (teller, words) => wish(teller, 'cancel', words),
  release: (teller, words) => wish(teller, 'release', words),
  retry: (teller, words) => wish(teller, 'retry', words),

  schedule: (teller, names) => tellFact(teller, names, scheduled(teller)),
  async send(teller, names) {
    await tellFact(teller, names, scheduled(teller))
    await tellFact(teller, names, () => ({ kind: 'initiated', traceNumber: '044444440000001' }))
  },
  withdraw: (teller, names) => tellFact(teller, names, () => ({ kind: 'unscheduled', reason: 'withdrawn' })),
  settle: (teller, names) =>
    tellFact(teller, names, (told, terms) => settledFact(told, terms, easternDay(teller.t.house.now()))),
  free: (teller, names) => tellFact(teller, names, () => ({ kind: 'funds_released' })),
  payout: (teller, names) =>
    tellFact(teller, names, () => ({ kind: 'disbursed', payoutId: '01890000-0000-7000-8000-000000000001' })),
  return: (teller, [name = '', code = '']) =>
    tellFact(teller, [name], (told, terms) => returnedFact(told, terms, code, easternDay(teller.t.house.now()))),
  dishonored: (teller, names) => tellFact(teller, names, () => ({ kind: 'return_reversed', code: 'R68' })),

  async is(teller, [name = '', status]) {
    expect(String((await read(teller, name)).paymentStatus)).toBe(status)
  },
  async can(teller, [name = '', ...wanted]) {
    const can = rows((await read(teller, name)).canDo).map(String)
    expect(can).toEqual(wanted[0] === 'nothing' ? [] : wanted)
  },
  async books({ t, merchant, before }, words) {
    const now = await booksOf(t, merchant.id)
    const wanted = pairs(words)
    const seen = wanted.map(([part]) => [part, plain((now[part] ?? 0n) - (before[part] ?? 0n))])
    expect(Object.fromEntries(seen)).toEqual(Object.fromEntries(wanted))
  },
  async events({ t, ...teller }, [name = '', ...wanted]) {
    const id = idOf({ t, ...teller }, name)
    const told = await t.house.sql<{ type: string }[]>`select type from event where resource_id = ${id} order by id`
    expect(told.map(({ type }) => type.replace('payment.', ''))).toEqual(wanted)
  },
  async clock({ t }, [day = '', time = '']) {
    t.clock.now = atEastern(asDay(day), time)
  },
}

let keys = 0
export const credit = (merchantId: string, customerId: string, dollars: number, more: object = {}) => ({
  ...payment(merchantId, customerId, dollars),
  source: { id: merchantId, type: 'MERCHANT' },
  destination: { id: customerId, type: 'CUSTOMER' },
  ...more,
})
export const refund = (paymentId: string, dollars: number, more: object = {}) => ({
  ...{ paymentId, amount: { value: dollars, currency: 'USD' }, requestKey: `refund-${++keys}` },
  ...more,
})

const idOf = ({ ids }: Teller, name: string): string => {
  const id = ids.get(name)
  if (!id) throw new Error(`there is no ${name} in this story`)
  return id
}
const read = async (teller: Teller, name: string) =>
  (await teller.merchant.get(`/v1/payments/${idOf(teller, name)}`)).body

async function wish(teller: Teller, verb: string, [name = '', ...outcome]: string[]): Promise<void> {
  const answer = await teller.merchant.call('POST', `/v1/payments/${idOf(teller, name)}/${verb}`)
  mustBe(teller, name, answer, 200, outcome)
}

function mustBe(teller: Teller, name: string, answer: Answer, success: number, [status, ...more]: string[]): void {
  const { body } = answer
  if (status === 'refused') {
    const [code, left, dollars] = more
    const wanted = { status: 400, body: { errorCode: code, ...(left ? { refundableAmount: usd(dollars) } : {}) } }
    expect({ status: answer.status, body }).toMatchObject(wanted)
    return
  }
  expect([answer.status, String(body.paymentStatus)]).toEqual([success, status])
  teller.ids.set(name, String(body.paymentId))
}
const usd = (dollars: string | undefined) => ({ value: Number(dollars), currency: 'USD' })

const scheduled =
  ({ t }: Teller): FactOf =>
  () => ({
    kind: 'scheduled',
    fileId: '01890000-0000-7000-8000-000000000000',
    effectiveOn: addBankingDays(easternDay(t.house.now()), 1),
  })

async function tellFact(teller: Teller, names: string[], fact: FactOf): Promise<void> {
  const { unfit } = await tellFacts(
    teller.t,
    names.map((name) => idOf(teller, name)),
    fact,
  )
  expect(unfit).toEqual([])
}

/** Facts from outside, as the rail tells them. */
export const tellFacts = (t: Pick<TestApi, 'house'>, ids: readonly string[], fact: FactOf | PaymentFact) =>
  transact(t.house.sql, (tx) =>
    applyFacts(t.house, tx, ids as PaymentId[], typeof fact === 'function' ? fact : () => fact),
  )

const shortNames: Readonly<Record<string, string>> = {
  'bank:settlement': 'bank',
  'platform:fees': 'fees',
  'ach:debits_in_transit': 'debits',
  'ach:credits_in_transit': 'credits',
}

/** What a merchant has, and the platform's accounts that its payments touch, in cents, by short names. */
export async function booksOf(t: Pick<TestApi, 'house'>, merchantId: string): Promise<Cents> {
  const own = await readBalances(t.house, merchantId as MerchantId)
  const platform = (await readBalances(t.house)).filter(({ account }) => account in shortNames)
  return Object.fromEntries([
    ...own.map(({ account, balance }) => [account.split(':')[2] ?? '', balance.minor]),
    ...platform.map(({ account, balance }) => [shortNames[account], balance.minor]),
  ])
}

const plain = (cents: bigint): string => Money.format(Money.of(cents)).replaceAll(/[$,]/g, '')

const pairs = (words: readonly string[]): [string, string][] =>
  words.flatMap((word, index): [string, string][] => (index % 2 ? [] : [[word, words[index + 1] ?? '']]))
