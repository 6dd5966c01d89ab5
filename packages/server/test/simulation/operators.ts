import type { PaymentId } from '../../src/kernel/id.ts'
import { reversePayment, stopReversal } from '../../src/payments/reversal.commands.ts'
import { cancelPayout } from '../../src/payouts/payout.commands.ts'
import type { PayoutId } from '../../src/payouts/payout.ts'
import { pausePayouts, setPayoutAccount } from '../../src/payouts/payout-account.commands.ts'
import { releaseFile, withdrawFile } from '../../src/rails/ach/ach-file.commands.ts'
import type { AchFileId } from '../../src/rails/ach/ach-file.ts'
import { resolveException } from '../../src/rails/ach/exception.commands.ts'
import { liftHold } from '../../src/risk/return-rate.commands.ts'
import { type Customer, newCustomer, ownAccount } from './people.ts'
import type { Random } from './random.ts'
import { type Maker, plain } from './wish.ts'

// What operators do, and what happens around them.

const person = (random: Random): string => random.pick(['Ada', 'Bo', 'Cy'])

export const resolve: Maker = async ({ deployment, random }) => {
  const rows = await deployment.eternal.sql<{ id: string; amount: bigint | null }[]>`
    select id, amount from rail_exception where resolved_at is null order by id limit 5`
  const waiting = rows[0] && random.pick(rows)
  if (!waiting) return undefined
  const kind = waiting.amount === null ? 'noted' : random.pick(['settled_back', 'written_off'] as const)
  const resolution = { kind, by: person(random), note: 'looked at' } as const
  const promised = [{ kind: 'resolved', exception: waiting.id }] as const
  return plain(`${kind} ${waiting.id}`, (house) => resolveException(house, waiting.id, resolution), [...promised])
}

/** Somebody takes a file back that has not left, though it may have been offered: the bank knows whether it has it. */
export const withdraw: Maker = async ({ deployment, random }) => {
  const [file] = await deployment.eternal.sql<{ id: AchFileId }[]>`
    select id from ach_file where status in ('collecting', 'built') order by id limit 1`
  if (!file) return undefined
  const isThere = [...deployment.bankDrop.outgoing.keys()].some((name) => name.includes(file.id))
  const wish = { by: person(random), because: 'wrong day', notAtBank: !isThere && random.chance(0.5) }
  const promised = [{ kind: 'withdrawn', file: file.id }] as const
  return plain(`withdraw file ${file.id}`, (house) => withdrawFile(house, file.id, wish, 2), [...promised])
}

/** Somebody lets the oldest file go that waits for people, and that not as the same person twice, as a rule. */
export const release: Maker = async ({ deployment, random }) => {
  const [file] = await deployment.eternal.sql<{ id: AchFileId; people: string[] }[]>`
    select id, array(select released_by from ach_release where file_id = ach_file.id) as people from ach_file
    where status = 'built' and needs_release and (select count(*) from ach_release where file_id = ach_file.id) < 2
    order by id limit 1`
  if (!file) return undefined
  const others = ['Ada', 'Bo', 'Cy'].filter((one) => !file.people.includes(one))
  const by = random.pick(random.chance(0.9) ? others : ['Ada', 'Bo', 'Cy'])
  const promised = [{ kind: 'let_go', file: file.id, by }] as const
  return plain(`release file ${file.id} by ${by}`, (house) => releaseFile(house, file.id, by), [...promised])
}

/** A debit turns out to have been sent in error, or that turns out to be wrong. */
export const reverse: Maker = async ({ deployment, random }) => {
  const { sql } = deployment.eternal
  const reversals = await sql<{ id: PaymentId }[]>`
    select id from payment where reversal_reason is not null and status = 'authorized' order by id desc limit 3`
  const waiting = reversals.length > 0 && random.chance(0.3) ? random.pick(reversals) : undefined
  const by = person(random)
  if (waiting) {
    const promised = [{ kind: 'canceled', payment: waiting.id }] as const
    return plain(`stop the reversal ${waiting.id}`, (house) => stopReversal(house, waiting.id, by), [...promised])
  }
  const debits = await sql<{ id: PaymentId }[]>`
    select id from payment where type = 'debit' and status in ('settled', 'available', 'disbursed')
    order by id desc limit 8`
  if (debits.length === 0) return undefined
  const { id } = random.pick(debits)
  const promised = [{ kind: 'reversed', payment: id }] as const
  return plain(`reverse ${id}`, (house) => reversePayment(house, id, { reason: 'duplicate', by }), [...promised])
}

export const stopPayout: Maker = async ({ deployment }) => {
  const [payout] = await deployment.eternal.sql<{ id: PayoutId }[]>`
    select id from payout where status = 'accepted' order by id desc limit 1`
  if (!payout) return undefined
  const promised = [{ kind: 'payout_canceled', payout: payout.id }] as const
  return plain(`cancel payout ${payout.id}`, (house) => cancelPayout(house, payout.id, 'Ada'), [...promised])
}

/** After a payout came back, for one. */
export const payAgain: Maker = async ({ random, customers }) => {
  const { merchantId } = random.pick(customers)
  return plain(`payout account of ${merchantId}`, async (house) => {
    await setPayoutAccount(house, merchantId, ownAccount)
    await pausePayouts(house, merchantId, false)
  })
}

/** A merchant's debits, held because too many came back, are let go. */
export const lift: Maker = async ({ deployment, random }) => {
  const [held] = await deployment.eternal.sql<{ id: Customer['merchantId'] }[]>`
    select id from merchant where debits_held_since is not null order by id limit 1`
  if (!held) return undefined
  const lifted = { by: person(random), why: 'they have explained it' }
  const promised = [{ kind: 'lifted', merchant: held.id }] as const
  return plain(`lift the hold of ${held.id}`, (house) => liftHold(house, held.id, lifted), [...promised])
}

/** Somebody new links an account: others were stopped by what came back. */
export const welcome: Maker = async ({ deployment, random, customers }) => {
  const { merchantId } = random.pick(customers)
  return plain('a new customer', async () => {
    customers.push(await newCustomer(deployment.eternal, merchantId))
  })
}

/** The bank's server goes away for hours, or the one on which merchants find their reports. */
export const outage: Maker = async ({ deployment, bank, random }) => {
  const reports = random.chance(0.4)
  return plain(reports ? 'the merchants have no drop' : 'the drop is away', async () =>
    bank.goAway(deployment.clock.now, reports ? deployment.reportDrop : deployment.bankDrop),
  )
}
