import { never } from '../kernel/assert.ts'
import type { CustomerId, LinkId, MandateId, MerchantId, SessionId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'

export type Product = 'PAY' | 'VERIFY'

/** Where a visit to the hosted flow stands. */
export type Step =
  | 'created'
  | 'consent'
  | 'bank'
  | 'sign_in'
  | 'accounts'
  | 'authorize'
  | 'done'
  | 'left'
  | 'expired'
  | 'bank_unavailable'
  | 'no_eligible_account'
  | 'failed'

/** An account as the bank offered it, kept until the customer has chosen. No full number among it. */
export type Offered = Readonly<{
  ref: string
  name: string
  type: 'checking' | 'savings' | 'other'
  lastFour: string
  balance: Readonly<{ minor: string; readAt: string }> | null
  eligible: boolean
  reason: string | null
}>

/** What a sign-in under way needs to go on. `sealed` is the connector's secret. */
export type SignInProgress =
  | Readonly<{ kind: 'redirect'; sealed: string }>
  | Readonly<{ kind: 'code'; sealed: string; prompt: string; digits: number; problem: string | null }>
  | Readonly<{ kind: 'problem'; problem: string }>

/** One visit of one customer to the hosted flow. */
export type Session = Readonly<{
  id: SessionId
  merchantId: MerchantId
  customerId: CustomerId
  product: Product
  step: Step
  redirectUrl: string | null
  institutionId: string | null
  signIn: SignInProgress | null
  linkId: LinkId | null
  offered: readonly Offered[]
  chosenRef: string | null
  mandateId: MandateId | null
  createdAt: Date
  openedAt: Date | null
  endedAt: Date | null
  expiresAt: Date
}>

/** What happens on a visit. */
export type SessionFact =
  | { kind: 'opened'; redirectUrl: string | null }
  | { kind: 'consented' }
  | { kind: 'bank_chosen'; institutionId: string }
  | { kind: 'sign_in_moved'; progress: SignInProgress | null }
  | { kind: 'signed_in'; linkId: LinkId; offered: readonly Offered[] }
  | { kind: 'bank_failed' }
  | { kind: 'account_chosen'; ref: string }
  | { kind: 'went_back'; to: 'bank' | 'accounts' }
  | { kind: 'authorized'; mandateId: MandateId }
  | { kind: 'left' }
  | { kind: 'expired' }
  | { kind: 'broken' }

const anywhere = ['left', 'expired', 'broken'] as const

/** The whole visit on one screen. Endings that a customer can walk back from are not the end. */
export const moves = {
  created: ['opened', 'expired'],
  consent: ['consented', ...anywhere],
  bank: ['bank_chosen', ...anywhere],
  sign_in: ['sign_in_moved', 'signed_in', 'bank_failed', 'bank_chosen', 'went_back', ...anywhere],
  accounts: ['account_chosen', 'went_back', 'bank_failed', ...anywhere],
  authorize: ['authorized', 'account_chosen', 'went_back', 'bank_failed', ...anywhere],
  bank_unavailable: ['bank_chosen', 'went_back', ...anywhere],
  no_eligible_account: ['bank_chosen', 'went_back', ...anywhere],
  done: [],
  left: [],
  expired: [],
  failed: [],
} as const satisfies Record<Step, readonly SessionFact['kind'][]>

export const canMove = (step: Step, kind: SessionFact['kind']): boolean =>
  (moves[step] as readonly string[]).includes(kind)

export const isOver = (step: Step): boolean => moves[step].length === 0

/** Refuses flow_moved: another tab was faster, or the page is older than the row. */
export function move(session: Session, fact: SessionFact, at: Date): Session {
  if (!canMove(session.step, fact.kind)) throw new Refusal('flow_moved', { from: session.step, fact: fact.kind })
  const noBank = { institutionId: null, signIn: null, linkId: null, offered: [], chosenRef: null }
  switch (fact.kind) {
    case 'opened':
      return { ...session, step: 'consent', openedAt: at, redirectUrl: fact.redirectUrl }
    case 'consented':
      return { ...session, step: 'bank' }
    case 'bank_chosen':
      return { ...session, ...noBank, step: 'sign_in', institutionId: fact.institutionId }
    case 'sign_in_moved':
      return { ...session, signIn: fact.progress }
    case 'signed_in':
      return {
        ...session,
        step: fact.offered.some(({ eligible }) => eligible) ? 'accounts' : 'no_eligible_account',
        signIn: null,
        linkId: fact.linkId,
        offered: fact.offered,
      }
    case 'bank_failed':
      return { ...session, step: 'bank_unavailable', signIn: null }
    case 'account_chosen':
      if (!session.offered.some(({ ref, eligible }) => eligible && ref === fact.ref)) throw new Refusal('flow_moved')
      return { ...session, step: 'authorize', chosenRef: fact.ref }
    case 'went_back':
      if (fact.to === 'bank') return { ...session, ...noBank, step: 'bank' }
      if (session.step !== 'authorize') throw new Refusal('flow_moved', { from: session.step, to: fact.to })
      return { ...session, step: 'accounts', chosenRef: null }
    case 'authorized':
      return { ...session, step: 'done', mandateId: fact.mandateId, endedAt: at }
    case 'left':
    case 'expired':
      return { ...session, step: fact.kind, signIn: null, endedAt: at }
    case 'broken':
      return { ...session, step: 'failed', signIn: null, endedAt: at }
    default:
      return never(fact)
  }
}
