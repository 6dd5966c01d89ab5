import { type Entry, toAchText, transactionCode } from '@rialto/nacha'
import { assert } from '../../kernel/assert.ts'
import type { OriginatingBank } from '../originating-bank.ts'
import type { AchBatch } from './ach-entry.store.ts'

/**
 * The entry that brings a batch to nothing: our own account at the bank gets what the batch takes from others, or pays
 * what it gives them. In an unbalanced file the bank makes this posting itself.
 */
export function offsetEntry(
  bank: OriginatingBank,
  { direction, secCode }: Pick<AchBatch, 'direction' | 'secCode'>,
  { traceNumber, amount }: Readonly<{ traceNumber: string; amount: bigint }>,
): Entry {
  const account = bank.offsetAccount
  assert(account, 'a bank that wants balanced files has an offset account')
  const opposite = direction === 'debit' ? 'credit' : 'debit'
  return {
    transactionCode: transactionCode({ account: account.type, direction: opposite }),
    rdfi: account.routingNumber,
    accountNumber: account.accountNumber,
    amount,
    individualId: 'OFFSET',
    individualName: toAchText(account.name ?? bank.originName, 22),
    // Every WEB entry says single or recurring.
    discretionary: secCode === 'WEB' ? 'S' : '',
    traceNumber,
  }
}
