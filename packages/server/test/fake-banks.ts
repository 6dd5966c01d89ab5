import { setTimeout as sleep } from 'node:timers/promises'
import type {
  BankConnector,
  Grant,
  Institution,
  KeepGrant,
  LinkAnswer,
  OfferedAccount,
  SignedIn,
  SignInAnswer,
} from '../src/banks/bank-connector.ts'
import { Money } from '../src/kernel/money.ts'

const bank = (id: string, number: number, signIn: Institution['signIn']): Institution => ({
  ...{ id, number, name: `The ${id} bank`, domain: `${id}.example`, monogram: id.slice(0, 2).toUpperCase() },
  ...{ color: '#224466', popularity: number, signIn, notice: null },
})

/** Two banks that ask for a password, one that sends the customer to its own site. */
const institutions = [
  bank('harbor', 101, 'credentials'),
  bank('meadow', 102, 'credentials'),
  bank('river', 103, 'redirect'),
]

/** What a test may never find in a log or a table. */
export const accountNumber = '000987654321'
export const password = 'correct-horse-battery'
export const rightCode = '246810'

/** Banks in memory, at the port. What they do is what the test set; they count what was asked of them. */
export type FakeBanks = Readonly<{
  connector: BankConnector
  /** What a balance read answers. */
  balance: { dollars: number; delayMs: number; deaf: boolean }
  /** Banks that do not answer. */
  away: Set<string>
  /** Banks that no longer honour any consent. */
  relink: Set<string>
  /** Banks where the accounts are gone, though the consent stands. */
  unusable: Set<string>
  /** Calls that wait until the test lets them go. */
  held: { numbers: Promise<unknown> | undefined; finish: Promise<unknown> | undefined }
  /** Every refresh token that was ever given out. */
  refreshTokens: string[]
  calls: string[]
  revoked: string[]
  /** Set when two calls used a link at the same time, or an old refresh token was used. */
  thefts: string[]
}>

const accountsOf = (balance: Money, suffix: string): OfferedAccount[] => [
  {
    ref: `checking-${suffix}`,
    name: 'Everyday',
    type: 'checking',
    lastFour: '4321',
    balance,
    eligible: true,
    reason: null,
  },
  {
    ref: `savings-${suffix}`,
    name: 'Rainy Day',
    type: 'savings',
    lastFour: '4322',
    balance,
    eligible: true,
    reason: null,
  },
  {
    ...{ ref: `card-${suffix}`, name: 'Card', type: 'other', lastFour: '4444', balance: null },
    ...{ eligible: false, reason: 'A card cannot be debited.' },
  },
]

export function openFakeBanks(): FakeBanks {
  const control = {
    balance: { dollars: 100_000, delayMs: 0, deaf: false },
    away: new Set<string>(),
    relink: new Set<string>(),
    unusable: new Set<string>(),
    held: { numbers: undefined, finish: undefined } as FakeBanks['held'],
    refreshTokens: [] as string[],
    calls: [] as string[],
    revoked: [] as string[],
    thefts: [] as string[],
  }
  const present = new Map<string, string>()
  let count = 0

  const grantFor = (consentId: string): Grant => {
    const refreshToken = `refresh-token-of-the-bank-${++count}`
    present.set(consentId, refreshToken)
    control.refreshTokens.push(refreshToken)
    return { consentId, refreshToken }
  }
  const signedIn = (who: string): SignedIn => {
    const consentId = `consent-${++count}`
    const accounts = accountsOf(Money.of(BigInt(control.balance.dollars * 100)), String(count))
    const eligible = who === 'none' ? accounts.filter((one) => !one.eligible) : accounts
    return { kind: 'signed_in', grant: grantFor(consentId), holderNames: ['ADA BYRON'], accounts: eligible }
  }

  /** A call on a link: the refresh token is used and rotates, as at a strict bank. */
  async function call<T>(
    what: string,
    institutionId: string,
    grant: Grant,
    keep: KeepGrant,
    answer: () => Promise<T>,
  ): Promise<LinkAnswer<T>> {
    control.calls.push(`${what} ${institutionId}`)
    if (control.away.has(institutionId)) return { kind: 'bank_unavailable' }
    if (control.relink.has(institutionId)) return { kind: 'relink', why: 'consent_revoked' }
    const consentId = grant.consentId ?? ''
    if (present.get(consentId) !== grant.refreshToken) {
      control.thefts.push(`${what} ${consentId}`)
      return { kind: 'relink', why: 'an old refresh token' }
    }
    const next = grantFor(consentId)
    await keep(next)
    if (control.unusable.has(institutionId)) return { kind: 'account_unusable', why: 'closed' }
    return { kind: 'ok', value: await answer(), grant: next }
  }

  const signIn = async (institutionId: string, who: string, secret: string): Promise<SignInAnswer> => {
    control.calls.push(`sign-in ${institutionId}`)
    if (control.away.has(institutionId)) return { kind: 'bank_unavailable' }
    if (who === 'locked') return { kind: 'problem', problem: 'account_locked' }
    if (secret !== password) return { kind: 'problem', problem: 'wrong_credentials' }
    if (who === 'mfa')
      return { kind: 'code_wanted', prompt: 'Code sent to ••89', digits: 6, secret: `otp-${who}`, problem: null }
    return signedIn(who)
  }

  const connector: BankConnector = {
    institutions: () => institutions,
    search: (words, limit) => institutions.filter(({ name }) => name.includes(words.toLowerCase())).slice(0, limit),
    begin: async (institutionId, state) => {
      if (control.away.has(institutionId)) return { kind: 'bank_unavailable' }
      const redirectTo = `https://${institutionId}.example/authorize?state=${encodeURIComponent(state)}`
      return { kind: 'redirect', redirectTo, secret: 'the-code-verifier' }
    },
    finish: async (institutionId, secret, query) => {
      control.calls.push(`finish ${institutionId} ${query.code}`)
      await control.held.finish
      if (control.away.has(institutionId)) return { kind: 'bank_unavailable' }
      if (query.error === 'access_denied') return { kind: 'customer_left' }
      if (secret !== 'the-code-verifier' || query.iss !== `https://${institutionId}.example`)
        return { kind: 'not_ours', why: 'another issuer' }
      return signedIn(query.code ?? '')
    },
    signIn: (institutionId, login) => signIn(institutionId, login.username, login.password),
    answerCode: async (_institutionId, secret, code) => {
      if (code === rightCode) return signedIn('mfa')
      if (code === 'late') return { kind: 'problem', problem: 'code_expired' }
      return { kind: 'code_wanted', prompt: 'Code sent to ••89', digits: 6, secret, problem: 'wrong_code' }
    },
    balance: (institutionId, grant, _ref, keep, signal) =>
      call('balance', institutionId, grant, keep, async () => {
        const { delayMs, deaf } = control.balance
        if (delayMs) await sleep(delayMs, undefined, signal && !deaf ? { signal } : {}).catch(() => undefined)
        return Money.of(BigInt(Math.round(control.balance.dollars * 100)))
      }).then((answer) => (signal?.aborted ? { kind: 'bank_unavailable' } : answer)),
    numbers: (institutionId, grant, _ref, keep) =>
      call('numbers', institutionId, grant, keep, async () => {
        await control.held.numbers
        return { routingNumber: '011000015', accountNumber, tokenised: false }
      }),
    revoke: (institutionId, grant, keep) =>
      call('revoke', institutionId, grant, keep, async () => {
        control.revoked.push(grant.consentId ?? '')
        return null
      }),
  }
  return { connector, ...control }
}
