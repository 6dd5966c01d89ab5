import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import { events } from '../webhooks/event.ts'
import { canMove, eventFor, move, moves, type Payment, type PaymentFact, type PaymentStatus } from './payment.ts'

const created = {
  ...{ id: 'p', merchantId: 'm', customerId: 'c', accountId: 'a', requestKey: 'k', clientReferenceId: null },
  ...{ softDescriptor: null, amount: Money.of(100n), requestId: null, createdAt: new Date(0), status: 'created' },
} as unknown as Payment
const facts: readonly PaymentFact[] = [{ kind: 'approved' }, { kind: 'declined', code: 'insufficient_funds' }]

it('knows a move for every fact, and a state for every move', () => {
  const kinds = new Set(Object.values(moves).flat())
  expect(kinds).toEqual(new Set(facts.map(({ kind }) => kind)))
  for (const kind of kinds) expect(Object.keys(events)).toContain(eventFor[kind])
})

it('decides a payment once: authorized or declined, with the reason', () => {
  expect(move(created, { kind: 'approved' })).toEqual({ ...created, status: 'authorized' })
  expect(move(created, { kind: 'declined', code: 'over_daily_count' })).toEqual({
    ...{ ...created, status: 'declined', declineCode: 'over_daily_count' },
  })
})

it('moves as the table says and never otherwise, in any story; its facts stay what they were', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...facts), { maxLength: 12 }), (story) => {
      let payment = created
      for (const fact of story) {
        const status: PaymentStatus = payment.status
        let next: Payment | undefined
        try {
          next = move(payment, fact)
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal)
          expect((error as Refusal).code).toBe('payment_not_movable')
        }
        expect(next !== undefined).toBe(canMove(status, fact.kind))
        if (next) expect({ ...next, status: 'created', declineCode: undefined }).toMatchObject(created)
        payment = next ?? payment
      }
    }),
  )
})
