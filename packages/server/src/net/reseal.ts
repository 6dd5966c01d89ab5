import type { Vault } from './vault.ts'

/** A sealed text where it is kept, and the context it was sealed for. */
export type SealedRow = Readonly<{ id: string; sealed: string; context: string }>

/**
 * Seals again, with the present key, what an older key sealed: a page at a time, so that it may be cut off and started
 * again. `save` writes only where the old text still stands, so a change made meanwhile is never undone. Answers how
 * many there were.
 */
export async function resealAll(
  vault: Vault,
  page: (after: string | null) => Promise<readonly SealedRow[]>,
  save: (row: SealedRow, sealed: string) => Promise<unknown>,
): Promise<number> {
  let count = 0
  let after: string | null = null
  for (;;) {
    const rows: readonly SealedRow[] = await page(after)
    for (const row of rows.filter(({ sealed }) => vault.isStale(sealed))) {
      await save(row, await vault.seal(await vault.open(row.sealed, row.context), row.context))
      count++
    }
    const last = rows.at(-1)
    if (!last) return count
    after = last.id
  }
}
