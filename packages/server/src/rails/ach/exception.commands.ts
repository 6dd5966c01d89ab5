import { type Tx, transact } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import { type Day, easternDay } from '../../kernel/banking-day.ts'
import { Money } from '../../kernel/money.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { books, type Journal } from '../../ledger/books.ts'
import { post } from '../../ledger/ledger.store.ts'
import { insertExceptions, type RailException, saveResolution, takeException } from './exception.store.ts'
import type { StoredReport } from './inbound.store.ts'
import type { ExceptionReason } from './report.ts'

/** A report that does not fit, and why. */
export type Misfit = Readonly<{ report: StoredReport; reason: ExceptionReason; says: string }>

/**
 * What does not fit waits for a person; money that it moved at the bank is in suspense until then. The lines themselves
 * are in the stored file.
 */
export async function raiseExceptions(house: House, tx: Tx, bankId: string, misfits: readonly Misfit[]): Promise<void> {
  const at = house.now()
  const exceptions = misfits.map(
    ({ report, reason, says }): RailException => ({
      ...{ id: house.newId(), bankId, inboundId: report.inboundId, reportId: report.id, line: report.line },
      ...{ reason, says, sealed: null, amount: movedAtBank(report, reason), raisedAt: at },
    }),
  )
  await insertExceptions(tx, exceptions)
  const days = new Map(misfits.map(({ report }) => [report.id, 'on' in report.told ? report.told.on : easternDay(at)]))
  const journals = exceptions.flatMap((one) =>
    one.amount && one.reportId ? [suspended(one, days.get(one.reportId) ?? easternDay(at))] : [],
  )
  await post(tx, journals, at)
}

/** Cents that a report says came to our account at the bank; below zero, left it. Null: it moved nothing. */
function movedAtBank(report: StoredReport, reason: ExceptionReason): bigint | null {
  if (report.kind === 'settled') return BigInt(report.told.debits) - BigInt(report.told.credits)
  if (report.kind === 'corrected' || report.kind === 'acknowledged') return null
  const amount = BigInt(report.told.amount)
  // A credit of our own account that comes back takes from it, where any other brings the money back to it.
  const isBack = (report.kind !== 'dishonored') !== (reason === 'offset_entry')
  return (report.told.direction === 'debit') === isBack ? -amount : amount
}

function suspended(exception: RailException, day: Day): Journal {
  const amount = exception.amount ?? 0n
  return {
    id: `exception:${exception.id}`,
    reason: `suspended: ${exception.reason}`,
    day,
    postings: [
      amount > 0n
        ? { debit: books.bank, credit: books.suspense, amount: Money.of(amount) }
        : { debit: books.suspense, credit: books.bank, amount: Money.of(-amount) },
    ],
  }
}

/**
 * What a person decided. `noted`: nothing is left to do, no money was at stake or it went back by itself.
 * `settled_back`: the bank has put right on our account what was wrong. `written_off`: the platform bears it, or keeps
 * it.
 */
export type Resolution = 'noted' | 'settled_back' | 'written_off'

/**
 * Closes an exception in a person's name; the books say how. Refuses: exception_not_found, exception_resolved,
 * exception_needs_money (noted, though money is in suspense).
 */
export function resolveException(
  house: House,
  id: string,
  resolution: { kind: Resolution; by: string; note: string },
): Promise<void> {
  return transact(house.sql, async (tx) => {
    const exception = await takeException(tx, id)
    if (!exception) throw new Refusal('exception_not_found')
    if (exception.resolvedAt) throw new Refusal('exception_resolved', { by: exception.resolvedBy })
    const amount = exception.amount ?? 0n
    if (resolution.kind === 'noted' && amount !== 0n) throw new Refusal('exception_needs_money')
    const at = house.now()
    if (amount !== 0n) await post(tx, [resolved(exception.id, resolution.kind, amount, easternDay(at))], at)
    await saveResolution(tx, exception.id, {
      at,
      by: resolution.by,
      resolution: `${resolution.kind}: ${resolution.note}`,
    })
  })
}

function resolved(id: string, kind: Resolution, amount: bigint, day: Day): Journal {
  const other = kind === 'settled_back' ? books.bank : books.losses
  const money = Money.of(amount > 0n ? amount : -amount)
  return {
    id: `exception:${id}:resolved`,
    reason: `exception resolved: ${kind}`,
    day,
    postings: [
      amount > 0n
        ? { debit: books.suspense, credit: other, amount: money }
        : { debit: other, credit: books.suspense, amount: money },
    ],
  }
}
