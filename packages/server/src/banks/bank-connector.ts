import type { Money } from '../kernel/money.ts'

/** A bank a customer can choose. `number` is the wire's financialInstitutionId. */
export type Institution = Readonly<{
  id: string
  number: number
  name: string
  domain: string
  monogram: string
  color: string
  /** Higher comes first in the list. */
  popularity: number
  signIn: 'redirect' | 'credentials'
  notice: string | null
}>

/** What ties one customer to one bank: the consent and the tokens. Rooms store it sealed and give it back unread. */
export type Grant = Readonly<{ consentId: string | null; refreshToken: string }>

export type OfferedAccount = Readonly<{
  /** The bank's own opaque id. */
  ref: string
  name: string
  type: 'checking' | 'savings' | 'other'
  lastFour: string
  balance: Money | null
  eligible: boolean
  /** Why it cannot be used, in the customer's words. Null when it can. */
  reason: string | null
}>

/** Everything needed to debit an account. The numbers may be tokenised: never compare them across links. */
export type PaymentNumbers = Readonly<{ routingNumber: string; accountNumber: string; tokenised: boolean }>

export type SignedIn = Readonly<{
  kind: 'signed_in'
  grant: Grant
  holderNames: readonly string[]
  accounts: readonly OfferedAccount[]
}>

export type SignInProblem = 'wrong_credentials' | 'wrong_code' | 'code_expired' | 'account_locked'

export type SignInAnswer =
  | SignedIn
  | Readonly<{ kind: 'code_wanted'; prompt: string; digits: number; secret: string; problem: SignInProblem | null }>
  | Readonly<{ kind: 'problem'; problem: SignInProblem }>
  | Readonly<{ kind: 'bank_unavailable' }>

export type ReturnAnswer =
  | SignedIn
  | Readonly<{ kind: 'customer_left' }>
  | Readonly<{ kind: 'bank_unavailable' }>
  | Readonly<{ kind: 'not_ours'; why: string }>

/** Every call on a link may find that the customer has to link again, or that the bank does not answer. */
export type LinkAnswer<T> =
  | Readonly<{ kind: 'ok'; value: T; grant: Grant }>
  | Readonly<{ kind: 'relink'; why: string }>
  | Readonly<{ kind: 'account_unusable'; why: string }>
  | Readonly<{ kind: 'bank_unavailable' }>

/**
 * Keeps a rotated grant before the new access token is used. Resolves once it is committed: what an open transaction
 * still holds back is not kept. May be called with the same grant again.
 */
export type KeepGrant = (grant: Grant) => Promise<void>

/**
 * What any source of bank accounts must do for us. An FDX-style bank is one; an aggregator is another.
 *
 * What a bank does is an answer, never an exception; `keep` failing is. No call may be made inside a transaction.
 *
 * Calls that take a grant may trade its refresh token for a new one, and a bank takes a second use of the old one for
 * theft and ends the link. So the caller holds a lock of the link, the same in every process, takes it before it reads
 * the grant and lets go only after the answer. The connector itself refreshes once for calls of one process that come
 * at the same time. A process that dies between the bank's answer and `keep` leaves a link that must be made again.
 */
export type BankConnector = Readonly<{
  institutions(): readonly Institution[]
  /** Popular first without words; typo-tolerant with them. At most `limit`. */
  search(words: string, limit: number): readonly Institution[]

  /** Where to send the customer's browser. `secret` must be kept, sealed, until finish(). */
  begin(
    institutionId: string,
    state: string,
  ): Promise<{ kind: 'redirect'; redirectTo: string; secret: string } | { kind: 'bank_unavailable' }>
  /**
   * The browser came back: trade its query for accounts. "The customer left" is an answer, not an error. To be called
   * once for a return: a code used twice ends the whole consent at many banks.
   */
  finish(institutionId: string, secret: string, query: Readonly<Record<string, string>>): Promise<ReturnAnswer>

  /** Sign-in inside the flow. The password is passed on, never kept. */
  signIn(institutionId: string, login: { username: string; password: string }): Promise<SignInAnswer>
  /** The code the bank asked for; `secret` is what `code_wanted` gave. */
  answerCode(institutionId: string, secret: string, code: string): Promise<SignInAnswer>

  /**
   * `signal` ends the wait: a balance that comes too late is no balance. Only a refresh under way is waited for, since
   * a refresh token that is not kept is lost; a caller in a hurry answers first and lets call and lock end later.
   */
  balance(
    institutionId: string,
    grant: Grant,
    accountRef: string,
    keep: KeepGrant,
    signal?: AbortSignal,
  ): Promise<LinkAnswer<Money>>
  numbers(institutionId: string, grant: Grant, accountRef: string, keep: KeepGrant): Promise<LinkAnswer<PaymentNumbers>>
  /** Ends the consent at the bank. Already ended counts as done; `bank_unavailable` means: try again later. */
  revoke(institutionId: string, grant: Grant, keep: KeepGrant): Promise<LinkAnswer<null>>
}>
