import { addDays, type Day } from '../src/kernel/banking-day.ts'
import type { FactKind, PaymentFact } from '../src/payments/payment.ts'
import type { FactOf } from '../src/payments/payment-fact.commands.ts'
import { returnedFact, settledFact } from '../src/payments/terms.ts'

export const fileId = '01890000-0000-7000-8000-00000000000f'

/** Every debit that was sent, told by its diary from the beginning, as slowly and plainly as can be. */
export function model(diary: readonly PaymentFact[]): { day: string; code: string | null }[] {
  const sent: { day: string; settled: boolean; code: string | null }[] = []
  let effectiveOn = ''
  for (const fact of diary) {
    const last = sent.at(-1)
    if (fact.kind === 'scheduled') effectiveOn = fact.effectiveOn
    if (fact.kind === 'initiated') sent.push({ day: effectiveOn, settled: false, code: null })
    if (fact.kind === 'refused') sent.pop()
    if (fact.kind === 'settled' && last) Object.assign(last, { day: fact.on, settled: true })
    if (fact.kind === 'returned' && last) last.code = fact.code
    if (fact.kind === 'return_reversed' && last) last.code = null
  }
  return sent.filter(({ settled, code }) => settled || code !== null)
}

/** What may be told of a debit. */
export const kinds = {
  schedule: 'scheduled',
  send: 'initiated',
  refuse: 'refused',
  settle: 'settled',
  R01: 'returned',
  R10: 'returned',
  R03: 'returned',
  R77: 'returned',
  dishonor: 'return_reversed',
  retry: 'retried',
  free: 'funds_released',
} as const satisfies Record<string, FactKind>
export type Step = keyof typeof kinds
export const steps = Object.keys(kinds) as Step[]

export const factsOf = (today: Day): Readonly<Record<Step, FactOf>> => ({
  schedule: () => ({ kind: 'scheduled', fileId, effectiveOn: addDays(today, 1) }),
  send: () => ({ kind: 'initiated', traceNumber: '044444440000001' }),
  refuse: () => ({ kind: 'refused', reason: 'refused' }),
  settle: (payment, terms) => settledFact(payment, terms, today),
  R01: (payment, terms) => returnedFact(payment, terms, 'R01', today),
  R10: (payment, terms) => returnedFact(payment, terms, 'R10', today),
  R03: (payment, terms) => returnedFact(payment, terms, 'R03', today),
  R77: (payment, terms) => returnedFact(payment, terms, 'R77', today),
  dishonor: () => ({ kind: 'return_reversed', code: 'R68' }),
  retry: () => ({ kind: 'retried' }),
  free: () => ({ kind: 'funds_released' }),
})
