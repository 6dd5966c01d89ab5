import type { Tx } from '../../db/connect.ts'

/** The first thing that is not as it must be, in words, and how many more there are like it. */
export type Difference = Readonly<{ says: string; more: number }>

/** What was looked at, so that nobody takes an empty look for a proof, and what differs. */
export type Found = Readonly<{ looked: Readonly<Record<string, number>>; difference: Difference | undefined }>

/**
 * One thing that must always be true of the books, recomputed from what was written down. It reads within one moment's
 * snapshot, may read whole tables, and keeps no more than a page of rows in memory.
 */
export type Check = Readonly<{
  name: string
  promises: string
  run(tx: Tx): Promise<Found>
}>

/** The difference of several kinds that is named first, with all of them counted. */
export function firstOf(found: readonly (Difference | undefined)[]): Difference | undefined {
  const all = found.filter((one) => one !== undefined)
  const [first] = all
  return first && { says: first.says, more: all.reduce((sum, { more }) => sum + more + 1, -1) }
}
