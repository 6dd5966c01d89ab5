import { transactionCode } from '@rialto/nacha'
import { type Tx, transact } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import { assert } from '../../kernel/assert.ts'
import { applyTo } from '../../payments/payment-fact.commands.ts'
import { type ToSend, takeToSend } from '../../payments/to-send.commands.ts'
import { applyToPayouts } from '../../payouts/payout-fact.commands.ts'
import { type PayoutToSend, takePayoutsToSend } from '../../payouts/payout-to-send.commands.ts'
import { type OriginatingBank, windowsOn } from '../originating-bank.ts'
import { type AchBatch, insertBatch, insertEntries, listBatches, type NewEntry } from './ach-entry.store.ts'
import { addToFile, countFilesOfDay, holdBank, insertFile, listFilesOfCutOff } from './ach-file.store.ts'
import { type AchFile, madeAt, modifierAt } from './ach-file.ts'
import { raise } from './alert.commands.ts'
import { batchKey, type Order } from './order.ts'
import { giveTraceNumbers } from './trace-number.commands.ts'
import { effectiveDate, type Window } from './window.ts'

/** How many payments or payouts are put into a file in one transaction. */
const chunk = 5_000

export type Collected = Readonly<{ taken: number; more: boolean }>

/**
 * Puts authorized payments, then accepted payouts, into the file of a cut-off: entries, batches and trace numbers are
 * written, they are scheduled, in one transaction. Answers whether there may be more. Cut off anywhere, it goes on
 * where it stopped.
 */
export function collect(house: House, bank: OriginatingBank, window: Window): Promise<Collected> {
  return transact(house.sql, async (tx) => {
    await holdBank(tx, bank.id)
    const files = await listFilesOfCutOff(tx, bank.id, window.at)
    const open = files.findLast(({ status }) => status === 'collecting')
    const room = bank.maxEntriesPerFile - (open?.entries ?? 0)
    const found = await takeNext(house, tx, bank, window, Math.min(chunk, Math.max(room, 1)))
    await cancelUnsendable(house, tx, found)
    const fitting = within(bank, room > 0 ? open : undefined, found)
    if (fitting.length === 0) return { taken: 0, more: found.length > 0 }
    const file =
      room > 0 && open && fits(bank, open, fitting[0]?.order) ? open : await openFile(house, tx, bank, window, files)
    if (!file) return { taken: 0, more: false }
    await assign(house, tx, bank, file, fitting)
    return { taken: fitting.length, more: true }
  })
}

type Found = ToSend | PayoutToSend
type Sendable = Found & { order: Order }

/** Payments first; when none is left, payouts. */
async function takeNext(
  house: House,
  tx: Tx,
  bank: OriginatingBank,
  window: Window,
  limit: number,
): Promise<readonly Found[]> {
  const wanted = {
    bankId: bank.id,
    isFirst: house.originatingBanks[0]?.id === bank.id,
    sameDayLimit: window.cutOff.speed === 'same_day' ? windowsOn(bank, window.day).sameDayLimit : null,
    limit,
  }
  const effectiveOn = effectiveDate(window.day, window.cutOff.speed, 'credit')
  const payments = await takeToSend(tx, { ...wanted, effectiveOn })
  return payments.length > 0 ? payments : takePayoutsToSend(tx, { ...wanted, companyName: bank.originName })
}

/**
 * The account was erased between the approval and now: there is nothing to send to. Or a reversal waited for so long
 * that it would be improper, and a person is told.
 */
async function cancelUnsendable(house: House, tx: Tx, found: readonly Found[]): Promise<void> {
  const why = new Map(
    found.flatMap((one) => ('unsendable' in one && one.unsendable ? [[one.payment.id, one.unsendable]] : [])),
  )
  const payments = found.flatMap((one) => ('payment' in one && why.has(one.payment.id) ? [one.payment] : []))
  if (payments.length === 0) return
  await applyTo(house, tx, payments, ({ id }) => ({ kind: 'canceled', why: why.get(id) ?? 'account_gone' }))
  for (const { id, refundOf } of payments) {
    if (why.get(id) !== 'too_late') continue
    const says = `The reversal ${id} of payment ${refundOf} was not sent in time, and is canceled: the customer has not got the money back.`
    await raise(tx, { id: house.newId(), key: `reversal-late:${id}`, says, at: house.now() })
  }
}

const debitOf = (order: Order): bigint => (order.direction === 'debit' ? order.amount.minor : 0n)
const creditOf = (order: Order): bigint => (order.direction === 'credit' ? order.amount.minor : 0n)

type Totals = Readonly<{ debits: bigint; credits: bigint }>

const fits = (bank: OriginatingBank, file: Totals, order: Order | undefined): boolean =>
  order === undefined ||
  (file.debits + debitOf(order) <= bank.maxDebitsPerFile && file.credits + creditOf(order) <= bank.maxCreditsPerFile)

/** As many as the bank takes in one file. What does not fit into this one goes into the next; one alone always goes. */
function within(bank: OriginatingBank, file: AchFile | undefined, found: readonly Found[]): Sendable[] {
  const sendable = found.filter((one): one is Sendable => one.order !== undefined)
  const [first] = sendable
  const into = file && fits(bank, file, first?.order) ? file : { debits: 0n, credits: 0n }
  let { debits, credits } = into
  const taken: Sendable[] = []
  for (const one of sendable) {
    if (taken.length > 0 && !fits(bank, { debits, credits }, one.order)) break
    debits += debitOf(one.order)
    credits += creditOf(one.order)
    taken.push(one)
  }
  return taken
}

async function openFile(
  house: House,
  tx: Tx,
  bank: OriginatingBank,
  window: Window,
  files: readonly AchFile[],
): Promise<AchFile | undefined> {
  const now = house.now()
  const made = madeAt(now)
  const modifier = modifierAt(await countFilesOfDay(tx, bank.id, made.creationDate))
  if (!modifier) {
    const says = `${bank.name} has been sent 36 files today, all that a day may have; the rest waits for tomorrow.`
    await raise(tx, { id: house.newId(), key: `no-modifier:${bank.id}:${made.creationDate}`, says, at: now })
    return undefined
  }
  const file: AchFile = {
    ...{ id: house.newId(), bankId: bank.id, cutOffAt: window.at, part: files.length + 1, speed: window.cutOff.speed },
    ...made,
    modifier,
    effectiveOn: effectiveDate(window.day, window.cutOff.speed, 'debit'),
    ...{ status: 'collecting', entries: 0, debits: 0n, credits: 0n, sha256: null },
    ...{ needsRelease: bank.requireTwoPersons, sentAt: null, initiatedAt: null },
  }
  await insertFile(tx, file, now)
  return file
}

async function assign(
  house: House,
  tx: Tx,
  bank: OriginatingBank,
  file: AchFile,
  found: readonly Sendable[],
): Promise<void> {
  const batches = await batchesFor(house, tx, file, found)
  const traces = await giveTraceNumbers(tx, bank, found.length)
  const entries = found.map(({ order }, index): NewEntry => {
    const batch = batches.get(batchKey(order))
    assert(batch, 'every order has a batch')
    return {
      order,
      batchId: batch.id,
      traceNumber: traces[index] ?? '',
      transactionCode: transactionCode({ account: order.account.type, direction: order.direction }),
    }
  })
  await insertEntries(tx, file, entries)
  await addToFile(tx, file.id, {
    entries: entries.length,
    debits: found.reduce((sum, { order }) => sum + debitOf(order), 0n),
    credits: found.reduce((sum, { order }) => sum + creditOf(order), 0n),
  })
  const scheduled = { kind: 'scheduled', fileId: file.id, effectiveOn: file.effectiveOn } as const
  const payments = found.flatMap((one) => ('payment' in one ? [one.payment] : []))
  const payouts = found.flatMap((one) => ('payout' in one ? [one.payout] : []))
  const toPayments = await applyTo(house, tx, payments, () => scheduled)
  const toPayouts = await applyToPayouts(house, tx, payouts, () => scheduled)
  const unfit = toPayments.unfit.length + toPayouts.unfit.length
  assert(unfit === 0, 'an authorized payment and an accepted payout can be scheduled')
}

async function batchesFor(
  house: House,
  tx: Tx,
  file: AchFile,
  found: readonly Sendable[],
): Promise<Map<string, AchBatch>> {
  const known = await listBatches(tx, file.id)
  const byKey = new Map(known.map((batch) => [batchKey(batch), batch]))
  for (const { order } of found) {
    if (byKey.has(batchKey(order))) continue
    const { merchantId, secCode, description, companyName, direction } = order
    const batch: AchBatch = {
      ...{ id: house.newId(), number: byKey.size + 1 },
      ...{ merchantId, secCode, description, companyName, direction },
    }
    await insertBatch(tx, file.id, batch)
    byKey.set(batchKey(order), batch)
  }
  return byKey
}
