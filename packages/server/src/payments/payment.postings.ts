import { Money } from '../kernel/money.ts'
import { books, type Posting } from '../ledger/books.ts'
import type { Payment, PaymentFact } from './payment.ts'

type Entry = Pick<Posting, 'debit' | 'credit' | 'amount'>

const cents = (text: string): Money => Money.of(BigInt(text))
const some = (entries: readonly Entry[]): Entry[] => entries.filter(({ amount }) => Money.isPositive(amount))

/**
 * What a fact does to the books, by the table of docs/concepts/books.md. Most facts move no money. `before` is the
 * payment as it was when the fact came.
 */
export const postingsFor = (before: Payment, fact: PaymentFact): readonly Entry[] =>
  before.type === 'debit' ? ofDebit(before, fact) : ofCredit(before, fact)

function ofDebit(before: Payment, fact: PaymentFact): readonly Entry[] {
  const { amount, merchantId, inHold } = before
  const pending = books.pending(merchantId)
  const held = books.held(merchantId)
  const available = books.available(merchantId)
  switch (fact.kind) {
    case 'initiated':
      return [{ debit: books.debitsInTransit, credit: pending, amount }]
    case 'refused':
      return [{ debit: pending, credit: books.debitsInTransit, amount }]
    case 'settled': {
      const fee = cents(fact.fee)
      return some([
        { debit: books.bank, credit: books.debitsInTransit, amount },
        { debit: pending, credit: held, amount: Money.subtract(amount, fee) },
        { debit: pending, credit: books.fees, amount: fee },
      ])
    }
    case 'funds_released':
      return some([{ debit: held, credit: available, amount: inHold }])
    case 'returned':
      return some([
        ...(before.status === 'initiated'
          ? [{ debit: pending, credit: books.debitsInTransit, amount }]
          : [
              { debit: held, credit: available, amount: inHold },
              // The merchant bears the return, into the red if need be.
              { debit: available, credit: books.bank, amount },
            ]),
        { debit: books.fees, credit: available, amount: cents(fact.feeBack) },
        { debit: available, credit: books.fees, amount: cents(fact.returnFee) },
      ])
    case 'reversed':
      return some([{ debit: books.fees, credit: available, amount: cents(fact.feeBack) }])
    case 'reversal_failed':
      return some([{ debit: available, credit: books.fees, amount: cents(fact.fee) }])
    case 'return_reversed':
      return cameBackUnsettled(before)
        ? [{ debit: books.debitsInTransit, credit: pending, amount }]
        : [{ debit: books.bank, credit: available, amount }]
    default:
      return []
  }
}

/** Credits and refunds. */
function ofCredit(before: Payment, fact: PaymentFact): readonly Entry[] {
  const { amount, merchantId } = before
  const available = books.available(merchantId)
  const outgoing = books.outgoing(merchantId)
  switch (fact.kind) {
    case 'approved':
      return [{ debit: available, credit: outgoing, amount }]
    case 'canceled':
      // One that still waited had promised nothing.
      return before.status === 'authorized' ? [{ debit: outgoing, credit: available, amount }] : []
    case 'initiated':
      return [{ debit: outgoing, credit: books.creditsInTransit, amount }]
    case 'refused':
      return [{ debit: books.creditsInTransit, credit: outgoing, amount }]
    case 'settled':
      return [{ debit: books.creditsInTransit, credit: books.bank, amount }]
    case 'returned':
      return before.status === 'initiated'
        ? [{ debit: books.creditsInTransit, credit: available, amount }]
        : [{ debit: books.bank, credit: available, amount }]
    case 'return_reversed':
      return cameBackUnsettled(before)
        ? [{ debit: available, credit: books.creditsInTransit, amount }]
        : [{ debit: available, credit: books.bank, amount }]
    default:
      return []
  }
}

const cameBackUnsettled = (payment: Payment): boolean =>
  'returnedFrom' in payment && payment.returnedFrom === 'initiated'
