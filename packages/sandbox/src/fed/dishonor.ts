import type { Tx } from '../db/connect.ts'
import type { Day } from './banking-day.ts'
import { insertReturns } from './return.store.ts'
import { returnFileAfter } from './windows.ts'

type Dishonored = Readonly<{ id: bigint; dishonorCode: string | null; dishonorTrace: string | null }>
type Answered = Readonly<{ id: bigint; isRepeated: boolean; untimely: boolean }>

/** How a bank stands by a return that was given back to it without reason, or undefined where it was right to. */
function contestCode(code: string | null, answered: Answered): string | undefined {
  if (code === 'R67') return answered.isRepeated ? undefined : 'R75'
  if (code === 'R68') return answered.untimely ? undefined : 'R73'
  return code === 'R69' ? 'R76' : undefined
}

/**
 * A return of a bank has come back to it. Where it was a duplicate, or too late, the bank bears it; where it was
 * neither, the bank contests in its next file.
 */
export async function judgeDishonored(tx: Tx, entry: Dishonored, at: Date): Promise<void> {
  const [answered] = await tx<Answered[]>`
    update fed_return set dishonored_by = ${entry.id}
    where id = (select id from fed_return where trace = ${entry.dishonorTrace} order by id desc limit 1)
    returning id, repeats is not null as "isRepeated", untimely`
  const code = answered && contestCode(entry.dishonorCode, answered)
  if (!answered || !code) return
  await insertReturns(tx, [
    {
      ...{ kind: 'contested', entryId: entry.id, code, information: '', dateOfDeath: null, statement: null },
      ...{ untimely: false, contests: answered.id, madeAt: at, deliverAt: returnFileAfter(at) },
    },
  ])
}

/** The return that is contested about, and the entry it returned. */
export type Disputed = Readonly<{
  originalTrace: string
  originalSettled: Day | null
  originalRoutingNumber: string
  returnTrace: string
  returnSettled: Day
  returnCode: string
}>

export async function findDisputed(tx: Tx, returnId: bigint): Promise<Disputed> {
  const [row] = await tx<Disputed[]>`
    select fed_entry.trace as "originalTrace", fed_entry.settlement_date::text as "originalSettled",
      routing_number as "originalRoutingNumber", fed_return.trace as "returnTrace",
      fed_return.settlement_date::text as "returnSettled", code as "returnCode"
    from fed_return join fed_entry on fed_entry.id = entry_id where fed_return.id = ${returnId}`
  return row!
}
