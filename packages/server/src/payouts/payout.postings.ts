import { books, type Posting } from '../ledger/books.ts'
import type { Payout, PayoutFact } from './payout.ts'

type Entry = Pick<Posting, 'debit' | 'credit' | 'amount'>

/**
 * What a fact does to the books, by the table of docs/concepts/books.md. `before` is the payout as it was when the fact
 * came.
 */
export function postingsFor(before: Payout, fact: PayoutFact): readonly Entry[] {
  const { amount, merchantId } = before
  const available = books.available(merchantId)
  const outgoing = books.outgoing(merchantId)
  /** Where its money is while it is back, seen from the bank. */
  const onTheWay = (from: string) => (from === 'initiated' ? books.creditsInTransit : books.bank)
  switch (fact.kind) {
    case 'accepted':
      return [{ debit: available, credit: outgoing, amount }]
    case 'canceled':
      return [{ debit: outgoing, credit: available, amount }]
    case 'initiated':
      return [{ debit: outgoing, credit: books.creditsInTransit, amount }]
    case 'refused':
      return [{ debit: books.creditsInTransit, credit: outgoing, amount }]
    case 'settled':
      return [{ debit: books.creditsInTransit, credit: books.bank, amount }]
    case 'returned':
      return [{ debit: onTheWay(before.status), credit: available, amount }]
    case 'return_reversed':
      return before.status === 'returned' ? [{ debit: available, credit: onTheWay(before.returnedFrom), amount }] : []
    case 'scheduled':
    case 'unscheduled':
      return []
  }
}
