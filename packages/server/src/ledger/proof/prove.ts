import { readSnapshot } from '../../db/connect.ts'
import type { House } from '../../house.ts'
import { balance } from './balance.ts'
import type { Check, Found } from './check.ts'
import { days } from './days.ts'
import { files } from './files.ts'
import { follows } from './follows.ts'
import { statements } from './statements.ts'
import { underWay } from './under-way.ts'

/** What must always be true of the books. docs/concepts/books.md says why. */
const checks: readonly Check[] = [balance, follows, underWay, files, days, statements]

export type Proof = Readonly<{
  /** House time. All checks saw the books as they were at one moment. */
  at: Date
  holds: boolean
  checks: readonly (Pick<Check, 'name' | 'promises'> & Found)[]
}>

/**
 * Recomputes the books from entries, diaries, files and reports, and names the first difference of each kind. Locks
 * nothing, changes nothing; on large books it reads for minutes.
 */
export function proveBooks(house: Pick<House, 'sql' | 'now'>, chosen: readonly Check[] = checks): Promise<Proof> {
  return readSnapshot(house.sql, async (tx) => {
    const at = house.now()
    const found: Proof['checks'][number][] = []
    for (const { name, promises, run } of chosen) found.push({ name, promises, ...(await run(tx)) })
    return { at, holds: found.every(({ difference }) => difference === undefined), checks: found }
  })
}
