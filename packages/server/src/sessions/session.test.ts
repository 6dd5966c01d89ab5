import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Refusal } from '../kernel/refusal.ts'
import { canMove, isOver, move, moves, type Offered, type Session, type SessionFact, type Step } from './session.ts'

const start = {
  ...{
    id: 's',
    merchantId: 'm',
    customerId: 'c',
    product: 'PAY',
    step: 'created',
    redirectUrl: null,
    institutionId: null,
  },
  ...{ signIn: null, linkId: null, offered: [], chosenRef: null, mandateId: null, createdAt: new Date(0) },
  ...{ openedAt: null, endedAt: null, expiresAt: new Date(1_800_000) },
} as unknown as Session

const account = (ref: string, eligible: boolean): Offered => ({
  ...{ ref, name: ref, type: 'checking', lastFour: '0001', balance: null, eligible, reason: null },
})
const fact: fc.Arbitrary<SessionFact> = fc.oneof(
  fc.constantFrom<SessionFact>(
    ...([
      { kind: 'opened', redirectUrl: null },
      { kind: 'consented' },
      { kind: 'bank_chosen', institutionId: 'b' },
    ] as const),
    ...([{ kind: 'bank_failed' }, { kind: 'went_back', to: 'bank' }, { kind: 'went_back', to: 'accounts' }] as const),
    ...([
      { kind: 'sign_in_moved', progress: null },
      { kind: 'left' },
      { kind: 'expired' },
      { kind: 'broken' },
    ] as const),
    ...[{ kind: 'authorized' as const, mandateId: 'x' as never }],
  ),
  fc.record({
    ...{ kind: fc.constant('signed_in' as const), linkId: fc.constantFrom('l1', 'l2').map((id) => id as never) },
    offered: fc.subarray([account('a', true), account('b', true), account('c', false)]),
  }),
  fc.record({ kind: fc.constant('account_chosen' as const), ref: fc.constantFrom('a', 'b', 'c', 'd') }),
)
/** Random stories from every step of the way, so that walks come far. */
const way: readonly SessionFact[] = [
  ...([
    { kind: 'opened', redirectUrl: null },
    { kind: 'consented' },
    { kind: 'bank_chosen', institutionId: 'b' },
  ] as const),
  { kind: 'signed_in', linkId: 'l1' as never, offered: [account('a', true), account('c', false)] },
  ...([
    { kind: 'account_chosen', ref: 'a' },
    { kind: 'authorized', mandateId: 'x' as never },
  ] as const),
]
const walk = (check: (before: Session, fact: SessionFact, after: Session | undefined) => void) =>
  fc.assert(
    fc.property(fc.nat(way.length), fc.array(fact, { maxLength: 40 }), (far, story) => {
      let session = start
      for (const one of [...way.slice(0, far), ...story]) {
        let next: Session | undefined
        try {
          next = move(session, one, new Date(1_000))
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal)
          expect((error as Refusal).code).toBe('flow_moved')
        }
        check(session, one, next)
        session = next ?? session
      }
    }),
    { numRuns: 2_000 },
  )

it('refuses in any story only by saying that the flow has moved, and moves only as the table says', () => {
  walk((before, { kind }, after) => {
    if (after) expect(canMove(before.step, kind)).toBe(true)
  })
})

it('stays where it ended', () => {
  const ends = (Object.keys(moves) as Step[]).filter(isOver)
  expect(ends).toEqual(['done', 'left', 'expired', 'failed'])
  walk((before, _fact, after) => {
    if (isOver(before.step)) expect(after).toBeUndefined()
    if (after) expect(after.endedAt !== null).toBe(isOver(after.step))
  })
})

it('shows accounts only of a bank that was signed in to, and authorizes only one of those that can be used', () => {
  walk((_before, _fact, after) => {
    if (!after) return
    const { step, linkId, offered, chosenRef, institutionId } = after
    if (step === 'accounts' || step === 'authorize') expect(linkId).not.toBeNull()
    if (step === 'authorize' || step === 'done')
      expect(offered.find(({ ref }) => ref === chosenRef)?.eligible).toBe(true)
    if (step === 'bank') expect([institutionId, linkId, offered, chosenRef]).toEqual([null, null, [], null])
    if (step === 'no_eligible_account') expect(offered.some(({ eligible }) => eligible)).toBe(false)
    if (step !== 'sign_in') expect(after.signIn).toBeNull()
  })
})

it('can always be left, or run out, until it is over', () => {
  for (const step of Object.keys(moves) as Step[]) expect(canMove(step, 'expired')).toBe(!isOver(step))
})
