import { asDay } from '../kernel/banking-day.ts'
import { Money } from '../kernel/money.ts'
import {
  canMove,
  eventFor,
  type FactKind,
  move,
  moves,
  type Payment,
  type PaymentFact,
  type PaymentStatus,
  unborn,
} from '../payments/payment.ts'

const says: Readonly<Record<PaymentStatus, string>> = {
  created: 'A debit waits for its decision; a refund, until its payment has settled.',
  held: 'Approved, and held until the merchant releases it.',
  authorized: 'Approved. It goes into the file of the next cut-off.',
  scheduled: 'It stands in a file.',
  initiated: 'The file has been sent to the bank.',
  settled: 'Money has moved between the banks. A debit is kept back by the hold rule.',
  available: 'The hold has ended: it will be in the next payout.',
  disbursed: 'The payout that contains it has settled.',
  retryable: 'It came back for lack of funds and may be presented again.',
  returned: 'It came back.',
  declined: 'It was not approved.',
  canceled: 'It was canceled before it was sent.',
}

const day = asDay('2026-01-06')
/** One of each kind; what is in it does not change where it leads. A return may be final or not. */
const facts: Readonly<Record<FactKind, readonly PaymentFact[]>> = {
  approved: [{ kind: 'approved' }],
  held: [{ kind: 'held' }],
  declined: [{ kind: 'declined', code: 'insufficient_funds' }],
  released: [{ kind: 'released' }],
  scheduled: [{ kind: 'scheduled', fileId: '', effectiveOn: day }],
  unscheduled: [{ kind: 'unscheduled', reason: '' }],
  initiated: [{ kind: 'initiated', traceNumber: '' }],
  refused: [{ kind: 'refused', reason: '' }],
  settled: [{ kind: 'settled', on: day, fee: '0', fundsOn: day }],
  funds_released: [{ kind: 'funds_released' }],
  disbursed: [{ kind: 'disbursed', payoutId: '' }],
  returned: [true, false].map((mayRetry) => ({
    ...{ kind: 'returned', code: 'R01', on: day, mayRetry, feeBack: '0', returnFee: '0' },
  })),
  retried: [{ kind: 'retried' }],
  given_up: [{ kind: 'given_up' }],
  return_reversed: [{ kind: 'return_reversed', code: 'R68' }],
  reversed: [{ kind: 'reversed', reversalId: '', feeBack: '0' }],
  reversal_failed: [{ kind: 'reversal_failed', fee: '0' }],
  canceled: [{ kind: 'canceled', why: 'asked' }],
}

const inState = (status: PaymentStatus): Payment =>
  ({ ...unborn, amount: Money.of(100n), type: 'debit', status, returnCode: 'R01', returnedFrom: 'settled' }) as Payment

/** docs/concepts/payment-lifecycle.md, from the machine itself and the wire's words for its states. */
export function paymentLifecyclePage(byHand: string, wireStatus: Readonly<Record<PaymentStatus, string>>): string {
  const states = (Object.keys(moves) as PaymentStatus[]).map(
    (status) => `| \`${status}\` | \`${wireStatus[status]}\` | ${says[status]} |`,
  )
  const lines = (Object.keys(moves) as PaymentStatus[]).flatMap((status) =>
    moves[status].map((kind) => {
      const ends = new Set(facts[kind].map((fact) => move(inState(status), fact).status))
      const event = eventFor[kind]
      const only = canMove({ status, type: 'refund' }, kind) ? '' : ' (debits only)'
      const to = [...ends].map((end) => `\`${end}\``).join(' or ')
      return `| \`${status}\` | ${kind.replaceAll('_', ' ')}${only} | ${to} | ${event ? `\`${event}\`` : ''} |`
    }),
  )
  return [
    '# A payment: its states',
    '',
    byHand,
    '',
    'Debits, credits and refunds are payments. On the left are the states inside; the wire has fewer words for them.',
    'A payment begins as `created`; `declined` and `canceled` are for ever. What came back may stand again: a bank may',
    'find that its return was wrong. How to live with all this: [payments](../guides/payments.md).',
    '',
    '| state | on the wire | means |',
    '|---|---|---|',
    ...states,
    '',
    '| in state | may happen | then it is | event |',
    '|---|---|---|---|',
    ...lines,
    '',
    'A reversal of a debit is a refund of its own; the debit says only that it has one, or has none after all.',
    'A return that counts as never made puts a payment back to where it came back from, in the table from `settled`.',
    '',
  ].join('\n')
}
