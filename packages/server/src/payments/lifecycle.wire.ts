import { type Static, Type } from 'typebox'
import type { PaymentStory } from './payment.queries.ts'
import { type CancelReason, type FactKind, move, type Payment, type PaymentFact, unborn } from './payment.ts'
import { wireStatus } from './status.wire.ts'

/** Our facts to the wire's words for them. */
const changes = {
  approved: 'APPROVED',
  held: 'HELD',
  declined: 'DECLINED',
  released: 'RELEASED',
  scheduled: 'SCHEDULED',
  unscheduled: 'UNSCHEDULED',
  initiated: 'INITIATED',
  refused: 'FILE_REFUSED',
  settled: 'SETTLED',
  funds_released: 'FUNDS_RELEASED',
  disbursed: 'DISBURSED',
  returned: 'RETURNED',
  retried: 'RETRIED',
  given_up: 'GIVEN_UP',
  return_reversed: 'RETURN_REVERSED',
  reversed: 'REVERSED',
  reversal_failed: 'REVERSAL_FAILED',
  canceled: 'CANCELED',
} as const satisfies Record<FactKind, string>

const cancelReasons = {
  asked: 'ASKED',
  refunded: 'REFUNDED',
  payment_returned: 'PAYMENT_RETURNED',
  payment_not_made: 'PAYMENT_NOT_MADE',
  account_gone: 'ACCOUNT_GONE',
  too_late: 'TOO_LATE',
} as const satisfies Record<CancelReason, string>

export const LifecycleWire = Type.Array(
  Type.Object({
    status: Type.String({ description: 'The status that began.' }),
    change: Type.Enum(['CREATED', ...Object.values(changes)], { description: 'What happened.' }),
    at: Type.String(),
    effectiveOn: Type.Optional(Type.String({ description: 'SCHEDULED: the day on which it is to settle.' })),
    settledOn: Type.Optional(Type.String({ description: 'SETTLED: the day.' })),
    returnCode: Type.Optional(Type.String({ description: 'RETURNED, RETURN_REVERSED: why.' })),
    reason: Type.Optional(Type.Enum(Object.values(cancelReasons), { description: 'CANCELED: why.' })),
  }),
  { description: 'Every state it was in, oldest first.' },
)

type Line = Static<typeof LifecycleWire>[number]

/** The diary, told again from the beginning. */
export function lifecycleToWire(payment: Payment, moves: PaymentStory['moves']): Line[] {
  let state: Payment = { ...payment, ...unborn, refundOf: payment.refundOf }
  const lines: Line[] = [{ status: 'CREATED', change: 'CREATED', at: payment.createdAt.toISOString() }]
  for (const { fact, at } of moves) {
    state = move(state, fact)
    lines.push({
      status: wireStatus[state.status],
      change: changes[fact.kind],
      at: at.toISOString(),
      ...detailsOf(fact),
    })
  }
  return lines
}

function detailsOf(fact: PaymentFact): Partial<Line> {
  switch (fact.kind) {
    case 'scheduled':
      return { effectiveOn: fact.effectiveOn }
    case 'settled':
      return { settledOn: fact.on }
    case 'returned':
    case 'return_reversed':
      return { returnCode: fact.code }
    case 'canceled':
      return { reason: cancelReasons[fact.why] }
    default:
      return {}
  }
}
