import { Money } from '../../src/kernel/money.ts'
import { giveCredit } from '../../src/payments/credit.commands.ts'
import { KeyTaken, recordPayments } from '../../src/payments/payment.commands.ts'
import { refundPayment } from '../../src/payments/refund.commands.ts'
import { cancelPayment, releasePayment, retryPayment } from '../../src/payments/wish.commands.ts'
import type { Promised } from './auditor/answers.ts'
import {
  release as letGo,
  lift,
  outage,
  payAgain,
  resolve,
  reverse,
  stopPayout,
  welcome,
  withdraw,
} from './operators.ts'
import type { Customer } from './people.ts'
import type { Random } from './random.ts'
import { type Maker, plain, type Stage, saidOf, type Wish } from './wish.ts'

/** A wish of somebody's, more often those that move money. */
export const nextWish: Maker = async (stage) => {
  for (;;) {
    const wish = await stage.random.pick(lots)(stage)
    if (wish) return wish
  }
}

const amountOf = (random: Random): bigint =>
  BigInt(random.pick([random.between(1, 300), random.between(500, 20_000), random.between(20_000, 200_000)]))

/** Some payments, made in one call as the desk does it. Their customers' balances are known, or their bank is slow. */
const pay: Maker = async (stage) => {
  const { deployment, random, key } = stage
  const { sql, now } = deployment.eternal
  const at = now()
  const customers = random.chance(0.1) ? stage.customers : await whoCanPay(stage)
  if (customers.length === 0) return welcome(stage)
  const isKnown = random.chance(0.9)
  const balance = isKnown ? random.pick([1_000_000_00n, 1_000_000_00n, 1_000_000_00n, 1_000_000_00n, 1_000n]) : null
  const inputs = Array.from({ length: random.pick([1, 1, 2, 3]) }, () => {
    const { merchantId, customerId } = random.pick(customers)
    return {
      ...{ merchantId, customerId, amount: Money.of(amountOf(random)), requestKey: key(), clientReferenceId: null },
      ...{ softDescriptor: random.chance(0.3) ? 'Order 17' : null, requestId: 'r', askedAt: at, balanceLate: !isKnown },
    }
  })
  await sql`update account set balance = ${balance}, balance_at = ${isKnown ? at : null}
    where customer_id = any(${inputs.map(({ customerId }) => customerId)}::uuid[])`
  return {
    says: `pay ${inputs.map(({ amount }) => amount.minor).join(', ')}${isKnown ? '' : ', balances not known'}`,
    promised: inputs.map((input) => promisedBy('debit', input)),
    async ask(house) {
      // Somebody with the same key was faster: their payment is found, as the desk does it.
      const again = (error: unknown) => {
        if (error instanceof KeyTaken) return recordPayments(house, inputs)
        throw error
      }
      return (await recordPayments(house, inputs).catch(again)).map(saidOf)
    },
  }
}

/** Whom no return has stopped. */
async function whoCanPay({ deployment, customers }: Stage): Promise<Customer[]> {
  const rows = await deployment.eternal.sql<{ id: string }[]>`select id from account where status = 'active'`
  const active = new Set(rows.map(({ id }) => id))
  return customers.filter(({ accountId }) => active.has(accountId))
}

const promisedBy = (
  type: 'debit' | 'credit' | 'refund',
  { merchantId, requestKey, amount }: Readonly<{ merchantId: string; requestKey: string; amount: Money }>,
): Promised => ({ kind: 'payment', type, merchant: merchantId, key: requestKey, amount: amount.minor })

const outgoing = (stage: Stage, merchantId: Customer['merchantId'], amount: bigint) => ({
  ...{ merchantId, amount: Money.of(amount), requestKey: stage.key(), requestId: 'r' },
  ...{ clientReferenceId: null, softDescriptor: null },
})

/** Of a merchant who has something to give, as a rule. */
const credit: Maker = async (stage) => {
  const { random, customers, deployment } = stage
  const rich = await deployment.eternal.sql<{ id: string; balance: bigint }[]>`
    select merchant_id as id, balance from ledger_account where id like '%:available' and balance > 0 order by id`
  const balanceOf = (merchant: string) => Number(rich.find(({ id }) => id === merchant)?.balance ?? 0n)
  const some = customers.filter(({ merchantId }) => balanceOf(merchantId) > 0)
  if (some.length === 0 && random.chance(0.8)) return undefined
  const { merchantId, customerId } = random.pick(some.length > 0 ? some : customers)
  const amount = random.chance(0.8) ? random.between(1, balanceOf(merchantId)) : random.between(1, 20_000)
  const input = { ...outgoing(stage, merchantId, BigInt(Math.max(1, amount))), customerId }
  const promised = [promisedBy('credit', input)]
  return plain(`credit ${input.amount.minor}`, (house) => giveCredit(house, input), promised)
}

type Row = { id: string; merchantId: Customer['merchantId']; amount: bigint }

/** One of the newest payments in one of these states, or, now and then, in any. */
async function somePayment({ deployment, random }: Stage, statuses: readonly string[]): Promise<Row | undefined> {
  const any = random.chance(0.1)
  const rows = await deployment.eternal.sql<Row[]>`
    select id, merchant_id as "merchantId", amount from payment
    where ${any} or status = any(${[...statuses]}) order by id desc limit 12`
  return rows.length > 0 ? random.pick(rows) : undefined
}

/** A wish about a payment that is there. */
type About = (stage: Stage, payment: Row) => Wish

const refundOf: About = (stage, payment) => {
  const { random } = stage
  const part = random.chance(0.4)
    ? payment.amount
    : (payment.amount * BigInt(random.between(10, 100))) / 100n + BigInt(random.between(0, 1))
  const input = { ...outgoing(stage, payment.merchantId, part > 0n ? part : 1n), paymentId: payment.id }
  const says = `refund ${input.amount.minor} of ${payment.id}`
  return plain(says, (house) => refundPayment(house, input), [promisedBy('refund', input)])
}

const askedAs =
  (kind: 'canceled' | 'released' | 'retried', command: typeof cancelPayment): About =>
  (_stage, { id, merchantId }) =>
    plain(`${kind} be ${id}`, (house) => command(house, { merchantId, id, requestId: 'r' }), [{ kind, payment: id }])

const cancelOf = askedAs('canceled', cancelPayment)
const releaseOf = askedAs('released', releasePayment)
const retryOf = askedAs('retried', retryPayment)

const paid = ['initiated', 'settled', 'available', 'disbursed']

const some =
  (about: About, ...statuses: string[]): Maker =>
  async (stage) => {
    const payment = await somePayment(stage, statuses)
    return payment && about(stage, payment)
  }
const refund = some(refundOf, 'authorized', 'scheduled', ...paid, 'settled', 'available')
const cancel = some(cancelOf, 'created', 'held', 'authorized')
const release = some(releaseOf, 'held')
const retry = some(retryOf, 'retryable')

/** What may come at the moment at which a job is done: it may be about what the job is about. */
export const whileAtWork: Maker = (stage) =>
  stage.random.pick([
    cancel,
    refund,
    refund,
    retry,
    release,
    credit,
    pay,
    withdraw,
    letGo,
    stopPayout,
    resolve,
    reverse,
  ])(stage)

const rivals: readonly (readonly [states: readonly string[], one: About, other: About])[] = [
  [['created', 'held', 'authorized'], cancelOf, cancelOf],
  [['created', 'held', 'authorized'], cancelOf, refundOf],
  [['held'], cancelOf, releaseOf],
  [['held'], releaseOf, releaseOf],
  [['authorized', ...paid], refundOf, refundOf],
  [paid, refundOf, refundOf],
  [['retryable'], retryOf, retryOf],
]

/** Two wishes about the same payment, of which often only one can be granted. Undefined: there is no such payment. */
export async function twoWishes(stage: Stage): Promise<readonly [Wish, Wish] | undefined> {
  const [states, one, other] = stage.random.pick(rivals)
  const payment = await somePayment(stage, states)
  return payment && [one(stage, payment), other(stage, payment)]
}

const weights: readonly (readonly [number, Maker])[] = [
  [60, pay],
  [14, credit],
  [16, refund],
  [6, cancel],
  [14, release],
  [6, retry],
  [4, resolve],
  [2, withdraw],
  [3, letGo],
  [4, reverse],
  [3, payAgain],
  [3, stopPayout],
  [3, lift],
  [4, welcome],
  [1, outage],
]
const lots: readonly Maker[] = weights.flatMap(([many, maker]) => Array.from({ length: many }, () => maker))
