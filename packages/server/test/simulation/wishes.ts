import { Money } from '../../src/kernel/money.ts'
import { giveCredit } from '../../src/payments/credit.commands.ts'
import { recordPayments } from '../../src/payments/payment.commands.ts'
import { refundPayment } from '../../src/payments/refund.commands.ts'
import { cancelPayment, releasePayment, retryPayment } from '../../src/payments/wish.commands.ts'
import { cancelPayout } from '../../src/payouts/payout.commands.ts'
import type { PayoutId } from '../../src/payouts/payout.ts'
import { pausePayouts, setPayoutAccount } from '../../src/payouts/payout-account.commands.ts'
import { releaseFile, withdrawFile } from '../../src/rails/ach/ach-file.commands.ts'
import type { AchFileId } from '../../src/rails/ach/ach-file.ts'
import { resolveException } from '../../src/rails/ach/exception.commands.ts'
import type { Deployment } from './deployment.ts'
import { type Customer, newCustomer, ownAccount } from './people.ts'
import type { PretendBank } from './pretend-bank.ts'
import type { Random } from './random.ts'

/** What somebody wants, said once, and done until the house has answered: the same key however often it is asked. */
export type Wish = Readonly<{ says: string; ask(): Promise<unknown> }>

export type Stage = Readonly<{
  deployment: Deployment
  random: Random
  customers: Customer[]
  bank: Pick<PretendBank, 'goAway'>
  /** A key that was never used. */
  key(): string
}>

type Maker = (stage: Stage) => Promise<Wish | undefined>

/** A wish of somebody's, more often those that move money. Undefined: there is nothing to wish for. */
export function nextWish(stage: Stage): Promise<Wish | undefined> {
  return stage.random.pick(lots)(stage)
}

const amountOf = (random: Random): bigint =>
  BigInt(random.pick([random.between(1, 300), random.between(500, 20_000), random.between(20_000, 200_000)]))

const pay: Maker = async ({ deployment, random, customers, key }) => {
  const { house, eternal } = deployment
  const payer = random.pick(customers)
  const now = eternal.now()
  const isKnown = random.chance(0.85)
  const balance = isKnown ? random.pick([1_000_000_00n, 1_000_000_00n, 1_000n]) : null
  await eternal.sql`update account set balance = ${balance}, balance_at = ${isKnown ? now : null}
    where id = ${payer.accountId}`
  const amount = amountOf(random)
  const input = {
    ...{ merchantId: payer.merchantId, customerId: payer.customerId, amount: Money.of(amount), requestKey: key() },
    ...{ clientReferenceId: null, softDescriptor: random.chance(0.3) ? 'Order 17' : null, requestId: 'r' },
    ...{ askedAt: now, balanceLate: !isKnown },
  }
  return { says: `pay ${amount}${isKnown ? '' : ', balance not known'}`, ask: () => recordPayments(house, [input]) }
}

const outgoing = (stage: Stage, merchantId: Customer['merchantId'], amount: bigint) => ({
  ...{ merchantId, amount: Money.of(amount), requestKey: stage.key(), requestId: 'r' },
  ...{ clientReferenceId: null, softDescriptor: null },
})

const credit: Maker = async (stage) => {
  const { merchantId, customerId } = stage.random.pick(stage.customers)
  const input = { ...outgoing(stage, merchantId, amountOf(stage.random) / 4n + 1n), customerId }
  return { says: `credit ${input.amount.minor}`, ask: () => giveCredit(stage.deployment.house, input) }
}

type Row = { id: string; merchantId: Customer['merchantId']; amount: bigint }

/** One of the newest payments in one of these states, or, now and then, in any. */
async function somePayment({ deployment, random }: Stage, statuses: readonly string[]): Promise<Row | undefined> {
  const any = random.chance(0.15)
  const rows = await deployment.eternal.sql<Row[]>`
    select id, merchant_id as "merchantId", amount from payment
    where ${any} or status = any(${[...statuses]}) order by id desc limit 12`
  return rows.length > 0 ? random.pick(rows) : undefined
}

const refund: Maker = async (stage) => {
  const { random } = stage
  const payment = await somePayment(stage, [
    'authorized',
    'scheduled',
    'initiated',
    'settled',
    'available',
    'disbursed',
  ])
  if (!payment) return undefined
  const all = random.chance(0.4)
  const part = all ? payment.amount : (payment.amount * BigInt(random.between(10, 100))) / 100n + 1n
  const input = { ...outgoing(stage, payment.merchantId, part), paymentId: payment.id }
  return { says: `refund ${part} of ${payment.id}`, ask: () => refundPayment(stage.deployment.house, input) }
}

const wishAbout =
  (what: string, statuses: readonly string[], command: typeof cancelPayment): Maker =>
  async (stage) => {
    const payment = await somePayment(stage, statuses)
    const asked = payment && { merchantId: payment.merchantId, id: payment.id, requestId: 'r' }
    return asked && { says: `${what} ${asked.id}`, ask: () => command(stage.deployment.house, asked) }
  }

const person = (random: Random): string => random.pick(['Ada', 'Bo', 'Cy'])

const resolve: Maker = async ({ deployment, random }) => {
  const rows = await deployment.eternal.sql<{ id: string; amount: bigint | null }[]>`
    select id, amount from rail_exception where resolved_at is null order by id limit 5`
  const waiting = rows[0] && random.pick(rows)
  if (!waiting) return undefined
  const kind = waiting.amount === null ? 'noted' : random.pick(['settled_back', 'written_off'] as const)
  const resolution = { kind, by: person(random), note: 'looked at' } as const
  return { says: `${kind} ${waiting.id}`, ask: () => resolveException(deployment.house, waiting.id, resolution) }
}

/** People let files go where two must, and now and then take one back. */
const aboutFile: Maker = async ({ deployment, random }) => {
  const { house, eternal } = deployment
  const [file] = await eternal.sql<{ id: AchFileId; needsRelease: boolean }[]>`
    select id, needs_release as "needsRelease" from ach_file where status in ('collecting', 'built') order by id limit 1`
  if (!file) return undefined
  const by = person(random)
  if (file.needsRelease && random.chance(0.85))
    return { says: `release file ${file.id} by ${by}`, ask: () => releaseFile(house, file.id, by) }
  const because = 'wrong day'
  return { says: `withdraw file ${file.id}`, ask: () => withdrawFile(house, file.id, { by, because }, 2) }
}

const aboutPayouts: Maker = async ({ deployment, random, customers }) => {
  const { house, eternal } = deployment
  const [payout] = await eternal.sql<{ id: PayoutId }[]>`
    select id from payout where status = 'accepted' order by id desc limit 1`
  if (payout && random.chance(0.4))
    return { says: `cancel payout ${payout.id}`, ask: () => cancelPayout(house, payout.id, 'Ada') }
  const { merchantId } = random.pick(customers)
  const ask = async () => {
    await setPayoutAccount(house, merchantId, ownAccount)
    await pausePayouts(house, merchantId, false)
  }
  return { says: `payout account of ${merchantId}`, ask }
}

/** Somebody new links an account: others were stopped by what came back. */
const welcome: Maker = async ({ deployment, random, customers }) => {
  const { merchantId } = random.pick(customers)
  const { eternal } = deployment
  return { says: 'a new customer', ask: async () => customers.push(await newCustomer(eternal, merchantId)) }
}

/** The bank's server goes away for hours. */
const outage: Maker = async ({ deployment, bank }) => ({
  says: 'the drop is away',
  ask: async () => bank.goAway(deployment.clock.now),
})

const weights: readonly (readonly [number, Maker])[] = [
  [60, pay],
  [7, credit],
  [14, refund],
  [6, wishAbout('cancel', ['created', 'held', 'authorized'], cancelPayment)],
  [6, wishAbout('release', ['held'], releasePayment)],
  [6, wishAbout('retry', ['retryable'], retryPayment)],
  [5, resolve],
  [6, aboutFile],
  [5, aboutPayouts],
  [4, welcome],
  [2, outage],
]
const lots: readonly Maker[] = weights.flatMap(([many, maker]) => Array.from({ length: many }, () => maker))
