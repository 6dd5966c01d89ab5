import type { ReadRecord } from '@rialto/nacha'
import { meridian } from '../banks/receiver.ts'

/** Where the platform keeps its money, and what it names in a balanced file. */
export const platformAccount = { routingNumber: meridian.routingNumbers[0], accountNumber: '4400000000' } as const

/** Whether an entry is the platform's own side of its batch, and nobody else's. */
export const isOffset = (routingNumber: string, accountNumber: string): boolean =>
  routingNumber === platformAccount.routingNumber && accountNumber.trim() === platformAccount.accountNumber

/**
 * Looks a file through for batches that say they are balanced: a credit to the platform's account is allowed among WEB
 * debits, and a batch with an offset comes to nothing. `notes` hears what is wrong.
 */
export function openOffsetWatch(webCredits: ReadonlyMap<number, string>, notes: (sentence: string) => void) {
  let hasOffset = false
  return (record: ReadRecord): void => {
    if (record.kind === 'batch_header') hasOffset = false
    if (record.kind === 'entry') {
      const isOurs = isOffset(record.rdfi, record.accountNumber)
      const sentence = webCredits.get(record.line)
      if (sentence !== undefined && !isOurs) notes(sentence)
      hasOffset ||= isOurs
    }
    if (record.kind === 'batch_end' && hasOffset && record.totals.debits !== record.totals.credits)
      notes(`line ${record.line}: the batch has an offset entry, and its debits are not its credits`)
  }
}
