import type { Tx } from '../db/connect.ts'
import { type Posting, post } from './account.store.ts'
import { addDays, easternDay } from './banking-day.ts'
import { isTwoDayCode, type ReturnCode, tellsOfDeath } from './codes.ts'
import { isDebit } from './direction.ts'
import { takeFedFault } from './fault.store.ts'
import { insertReturns, markReturned, type Returnable, repeatReturn } from './return.store.ts'
import { laterFile } from './windows.ts'

export type NewReturned = Readonly<{
  entry: Returnable
  code: ReturnCode
  deliverAt: Date
  information?: string
  /** What the customer signed. */
  statement?: string
}>

/** How many banking days a return comes too late when it shall. */
const TOO_LATE = 5
/** A bank hears of a death a while after it. */
const DAYS_SINCE_DEATH = 14

export const statementLine = (entry: Pick<Returnable, 'companyName' | 'entryDescription'>): string =>
  `${entry.companyName} ${entry.entryDescription}`.trim()

/** The money goes back to where it came from. */
const backPosting = (entry: Returnable): Posting[] =>
  entry.posted && entry.accountId
    ? [
        {
          id: `ach-${entry.id}-back`,
          accountId: entry.accountId,
          entryId: entry.id,
          description: `RETURNED ${statementLine(entry)}`,
          amount: isDebit(entry.transactionCode) ? entry.amount : -entry.amount,
        },
      ]
    : []

/** Asks for a fault again and again, but no more once it is used up. */
function whileFault(tx: Tx, kind: 'untimely_return' | 'repeat_returns'): () => Promise<boolean> {
  let isOn = true
  return async () => {
    if (isOn) isOn = await takeFedFault(tx, kind)
    return isOn
  }
}

/**
 * Sends entries back: customers have their money again at once, the platform reads of it in the file of `deliverAt`.
 * An entry comes back once; the database refuses a second time.
 */
export async function makeReturns(tx: Tx, returned: readonly NewReturned[], at: Date): Promise<void> {
  const isLate = whileFault(tx, 'untimely_return')
  const rows = []
  for (const { entry, code, deliverAt, information, statement } of returned) {
    const untimely = isTwoDayCode(code) && (await isLate())
    rows.push({
      ...{ kind: 'return' as const, entryId: entry.id, code, madeAt: at, untimely, contests: null },
      information: information ?? '',
      dateOfDeath: tellsOfDeath(code) ? addDays(easternDay(at), -DAYS_SINCE_DEATH) : null,
      statement: statement ?? null,
      deliverAt: untimely ? laterFile(deliverAt, TOO_LATE) : deliverAt,
    })
  }
  const ids = await insertReturns(tx, rows)
  const isRepeated = whileFault(tx, 'repeat_returns')
  for (const [index, id] of ids.entries()) {
    if (!(await isRepeated())) break
    await repeatReturn(tx, id, laterFile(rows[index]!.deliverAt, 1))
  }
  await post(
    tx,
    returned.flatMap(({ entry }) => backPosting(entry)),
    at,
  )
  await markReturned(
    tx,
    returned.map(({ entry }) => entry.id),
  )
}
