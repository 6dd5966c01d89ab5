import type { Tx } from '../../db/connect.ts'
import type { OriginatingBank } from '../originating-bank.ts'
import { takeTraceNumbers } from './ach-entry.store.ts'

/** Seven digits of a trace number, 1 to 9,999,999, used in turn. */
const ceiling = 9_999_999n

/**
 * So many trace numbers of a bank that were not given within ten million, in ascending order until they begin again.
 */
export async function giveTraceNumbers(
  tx: Tx,
  bank: Pick<OriginatingBank, 'id' | 'odfi'>,
  many: number,
): Promise<string[]> {
  const first = await takeTraceNumbers(tx, bank.id, many)
  return Array.from({ length: many }, (_, index) => {
    const sequence = ((first + BigInt(index) - 1n) % ceiling) + 1n
    return `${bank.odfi.slice(0, 8)}${sequence.toString().padStart(7, '0')}`
  })
}
