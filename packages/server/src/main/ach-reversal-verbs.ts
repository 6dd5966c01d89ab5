import { type Command, InvalidArgumentError, Option } from 'commander'
import type { House } from '../house.ts'
import { looksLikeId, type PaymentId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import { type ReversalReason, reversalReasons } from '../payments/payment.ts'
import { reversePayment, stopReversal } from '../payments/reversal.commands.ts'
import { findPaymentByTrace } from '../rails/ach/ach-entry.queries.ts'
import { personFrom } from '../rails/ach/person.ts'
import * as line from './command-line.ts'

const aPayment = '019b8eac-1180-7fec-ab66-ffc86f38d952'

/** What each reason says to the person who chooses it. */
const reasons: Readonly<Record<ReversalReason, string>> = {
  duplicate: 'the same payment was sent twice',
  wrong_amount: 'the amount is not the one agreed to',
  wrong_date: 'it was sent earlier than agreed',
  wrong_payee: 'another account was debited than the one meant',
}

export function addReversalVerbs(ach: Command, run: line.Run): void {
  const choices = reversalReasons.map((reason) => `${reason} (${reasons[reason]})`)
  line
    .addVerb(
      ach,
      'reverse',
      'give a debit that was sent in error back, whole, in the next file',
      `rialto ach reverse ${aPayment} --reason duplicate --by "Ada Byron"`,
    )
    .argument('<payment>', 'the id of the payment, or the trace number of its entry', paymentArgument)
    .addOption(new Option('--reason <reason>', choices.join('; ')).choices(reversalReasons).makeOptionMandatory())
    .requiredOption('--by <name>', 'who you are')
    .action(run((house, { args: [payment = ''], options }) => reverse(house, payment, options as ReverseOptions)))
  line
    .addVerb(
      ach,
      'stop-reversal',
      'stop a reversal that is not in a file yet',
      `rialto ach stop-reversal ${aPayment} --by "Ada Byron"`,
    )
    .argument('<reversalId>', 'from rialto ach reverse', line.idArgument)
    .requiredOption('--by <name>', 'who you are')
    .action(run((house, { args: [id = ''], options }) => stop(house, id as PaymentId, String(options.by))))
}

function paymentArgument(text: string): string {
  if (looksLikeId(text)) return text.toLowerCase()
  if (/^\d{15}$/.test(text)) return text
  throw new InvalidArgumentError('It is neither the id of a payment nor a trace number of fifteen digits.')
}

type ReverseOptions = Readonly<{ reason: ReversalReason; by: string }>

async function reverse(house: House, payment: string, { reason, by }: ReverseOptions): Promise<line.Answer> {
  const wish = { reason, by: personFrom(by) }
  const sent = looksLikeId(payment) ? undefined : await findPaymentByTrace(house, payment)
  if (!sent && !looksLikeId(payment)) throw new Refusal('payment_not_found')
  const reversal = await reversePayment(house, sent?.paymentId ?? (payment as PaymentId), {
    ...wish,
    ...(sent ? { presentment: sent.presentment } : {}),
  })
  return {
    json: { reversalId: reversal.id, paymentId: reversal.refundOf, amountCents: String(reversal.amount.minor), reason },
    text: `${reversal.id} gives ${Money.format(reversal.amount)} of ${reversal.refundOf} back with the next file`,
    note:
      'Tell the customer, by the day on which it settles. Nacha allows it within 24 hours of finding the mistake.\n' +
      'Until the next cut-off it can be stopped: rialto ach stop-reversal.',
  }
}

async function stop(house: House, id: PaymentId, by: string): Promise<line.Answer> {
  const { refundOf } = await stopReversal(house, id, personFrom(by))
  return { json: { done: 'stop-reversal', id }, text: `stopped: ${refundOf} stands after all` }
}
