import { type Static, Type } from 'typebox'
import type { Institution } from '../banks/bank-connector.ts'
import type { Customer } from '../customers/customer.ts'
import type { Settings } from '../house.ts'
import { Money } from '../kernel/money.ts'
import type { Merchant } from '../merchants/merchant.ts'
import type { Offered, Session, Step } from '../sessions/session.ts'
import type { Authorization } from './authorization.queries.ts'
import { statusOf } from './return-status.ts'

/** Our steps to the pages of the hosted flow. docs/internals/hosted-flow-api.md describes the whole. */
export const pageOf = {
  created: 'consent',
  consent: 'consent',
  bank: 'bank',
  sign_in: 'sign-in',
  accounts: 'accounts',
  authorize: 'authorize',
  done: 'done',
  left: 'left',
  expired: 'expired',
  bank_unavailable: 'bank-unavailable',
  no_eligible_account: 'no-eligible-account',
  failed: 'error',
} as const satisfies Record<Step, string>

export const BankWire = Type.Object({
  id: Type.String(),
  name: Type.String(),
  domain: Type.String(),
  monogram: Type.String(),
  color: Type.String(),
  signIn: Type.Enum(['redirect', 'credentials']),
  notice: Type.Union([Type.String(), Type.Null()]),
})

export const bankToWire = (bank: Institution): Static<typeof BankWire> => {
  const { id, name, domain, monogram, color, signIn, notice } = bank
  return { id, name, domain, monogram, color, signIn, notice }
}

const Problem = Type.Union([Type.Null(), Type.Object({ code: Type.String(), message: Type.String() })])

const orNull = <T extends Parameters<typeof Type.Array>[0]>(type: T) => Type.Union([type, Type.Null()])

export const FlowViewWire = Type.Object(
  {
    id: Type.String(),
    page: Type.Enum([...new Set(Object.values(pageOf))]),
    environment: Type.Enum(['sandbox', 'production']),
    product: Type.Enum(['PAY', 'VERIFY']),
    expiresAt: Type.String(),
    merchant: Type.Object({
      name: Type.String(),
      logoUrl: orNull(Type.String()),
      color: orNull(Type.String()),
      supportUrl: orNull(Type.String()),
    }),
    customer: Type.Object({ firstName: Type.String() }),
    bank: orNull(BankWire),
    signIn: Type.Union([
      Type.Null(),
      Type.Object({ kind: Type.Literal('redirect'), redirectTo: Type.String() }),
      Type.Object({ kind: Type.Literal('credentials'), problem: Problem }),
      Type.Object({ kind: Type.Literal('mfa'), prompt: Type.String(), digits: Type.Integer(), problem: Problem }),
    ]),
    signedInAs: orNull(Type.String()),
    accounts: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        type: Type.Enum(['checking', 'savings', 'other']),
        lastFour: Type.String(),
        balance: orNull(Type.Object({ value: Type.Number(), currency: Type.Literal('USD') })),
        eligible: Type.Boolean(),
        reason: orNull(Type.String()),
      }),
    ),
    chosenAccountId: orNull(Type.String()),
    authorization: orNull(Type.Object({ version: Type.String(), text: Type.String(), hash: Type.String() })),
    returnTo: orNull(Type.String()),
  },
  { title: 'FlowView' },
)
export type FlowView = Static<typeof FlowViewWire>

const problemWords: Record<string, string> = {
  wrong_credentials: 'The user name or password is not right.',
  wrong_code: 'That code is not right. Try again.',
  code_expired: 'That code is too old. Sign in again to get a new one.',
  account_locked: 'Your bank has locked this sign-in. Contact your bank, or choose another one.',
}

const problemToWire = (code: string | null) => (code ? { code, message: problemWords[code] ?? 'Try again.' } : null)

/** Everything a view is made of. */
export type FlowFacts = Readonly<{
  session: Session
  merchant: Merchant
  customer: Customer
  bank: Institution | null
  holderNames: readonly string[]
  authorization: Authorization | null
  linkResult: string | null
}>

export function flowToWire(facts: FlowFacts, settings: Settings): FlowView {
  const { session, merchant, customer, bank, holderNames, authorization } = facts
  const showsAccounts = session.step === 'accounts' || session.step === 'authorize' || session.step === 'done'
  return {
    id: session.id,
    page: pageOf[session.step],
    environment: settings.environment,
    product: session.product,
    expiresAt: session.expiresAt.toISOString(),
    merchant: {
      name: merchant.name,
      logoUrl: merchant.logoUrl ?? null,
      color: merchant.color ?? null,
      supportUrl: merchant.supportUrl ?? null,
    },
    customer: { firstName: customer.firstName },
    bank: bank ? bankToWire(bank) : null,
    signIn: signInToWire(session, bank),
    signedInAs: showsAccounts ? (holderNames[0] ?? null) : null,
    accounts: showsAccounts ? session.offered.map(accountToWire) : [],
    chosenAccountId: showsAccounts ? session.chosenRef : null,
    authorization: authorization
      ? { version: authorization.version, text: authorization.text, hash: authorization.textHash }
      : null,
    returnTo: returnAddress(session, facts.linkResult),
  }
}

function signInToWire(session: Session, bank: Institution | null): FlowView['signIn'] {
  if (session.step !== 'sign_in' || !bank) return null
  if (bank.signIn === 'redirect') return { kind: 'redirect', redirectTo: `/s/${session.id}/to-bank` }
  const { signIn } = session
  if (signIn?.kind === 'code') {
    const { prompt, digits, problem } = signIn
    return { kind: 'mfa', prompt, digits, problem: problemToWire(problem) }
  }
  return { kind: 'credentials', problem: problemToWire(signIn?.kind === 'problem' ? signIn.problem : null) }
}

const accountToWire = (account: Offered): FlowView['accounts'][number] => ({
  id: account.ref,
  name: account.name,
  type: account.type,
  lastFour: account.lastFour,
  balance: account.balance ? Money.toWire(Money.of(BigInt(account.balance.minor))) : null,
  eligible: account.eligible,
  reason: account.reason,
})

/**
 * The merchant's address with what came of the visit, and the same signed once it is over.
 * Null: the browser brought no address that is on the list.
 */
function returnAddress(session: Session, linkResult: string | null): string | null {
  if (!session.redirectUrl) return null
  const url = new URL(session.redirectUrl)
  url.searchParams.set('status', statusOf(session.step))
  if (session.step === 'done') url.searchParams.set('customerId', session.customerId)
  if (linkResult) url.searchParams.set('linkResult', linkResult)
  return url.href
}
