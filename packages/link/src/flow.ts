/**
 * The words of the contract with the platform, as `docs/internals/hosted-flow-api.md` gives them, and what follows from
 * them without a browser: the order of the steps, the headings, where Back leads.
 */
export const steps = ['consent', 'bank', 'sign-in', 'accounts', 'authorize'] as const
export const endings = ['done', 'left', 'expired', 'bank-unavailable', 'no-eligible-account', 'error'] as const
export type Page = (typeof steps)[number] | (typeof endings)[number]

export type Bank = {
  id: string
  name: string
  domain: string
  monogram: string
  color: string
  signIn: 'redirect' | 'credentials'
  notice: string | null
}

export type Account = {
  id: string
  name: string
  type: 'checking' | 'savings' | 'other'
  lastFour: string
  balance: { value: number; currency: 'USD' } | null
  eligible: boolean
  reason: string | null
}

type SignInProblem = {
  code: 'wrong_credentials' | 'wrong_code' | 'code_expired' | 'account_locked' | 'bank_unavailable'
  message: string
}

export type SignIn =
  | { kind: 'redirect'; redirectTo: string }
  | { kind: 'credentials'; problem: SignInProblem | null }
  | { kind: 'mfa'; prompt: string; digits: number; problem: SignInProblem | null }

export type FlowView = {
  id: string
  page: Page
  environment: 'sandbox' | 'production'
  product: 'PAY' | 'VERIFY'
  expiresAt: string
  merchant: { name: string; logoUrl: string | null; color: string | null; supportUrl: string | null }
  customer: { firstName: string }
  bank: Bank | null
  signIn: SignIn | null
  signedInAs: string | null
  accounts: Account[]
  chosenAccountId: string | null
  authorization: { version: string; text: string; hash: string } | null
  returnTo: string | null
}

export function isPage(word: string): word is Page {
  return ([...steps, ...endings] as string[]).includes(word)
}

/** Which step of five a page is; an ending is none. The two endings that can be left again stand at the bank's step. */
export function stepNumber(page: Page): number | null {
  if (page === 'bank-unavailable' || page === 'no-eligible-account') return 2
  const index = (steps as readonly Page[]).indexOf(page)
  return index < 0 ? null : index + 1
}

/** May the customer still leave? Once the flow is over there is nothing to leave. */
export const canLeave = (page: Page): boolean => stepNumber(page) !== null

/** The heading of the page, which is also the first half of its title. */
export function headingOf({ page, product, bank, signIn }: FlowView): string {
  const bankName = bank?.name ?? 'your bank'
  const headings: Record<Page, string> = {
    consent: product === 'VERIFY' ? 'Verify your bank account' : 'Pay from your bank',
    bank: 'Find your bank',
    'sign-in':
      signIn?.kind === 'mfa'
        ? 'Enter your code'
        : signIn?.kind === 'redirect'
          ? `Continue at ${bankName}`
          : `Sign in to ${bankName}`,
    accounts: 'Choose an account',
    authorize: 'Review and authorize',
    done: 'Your account is linked',
    left: 'You left without linking',
    expired: 'This session has expired',
    'bank-unavailable': `We can’t reach ${bankName}`,
    'no-eligible-account': 'No account can be used',
    error: 'Something went wrong',
  }
  return headings[page]
}

/**
 * What going Back to `asked` means while the flow is at `now`: a step to return to, or nothing, and then the page
 * stays.
 * Nobody can un-sign-in, so the step before the accounts is the choice of the bank.
 */
export function stepBack(now: Page, asked: Page): 'bank' | 'accounts' | null {
  if (now === 'authorize' && asked === 'accounts') return 'accounts'
  const bankIsBehind = ['sign-in', 'accounts', 'authorize', 'bank-unavailable', 'no-eligible-account'].includes(now)
  if (bankIsBehind && asked === 'bank') return 'bank'
  return now !== 'sign-in' && bankIsBehind && asked === 'sign-in' ? 'bank' : null
}

/** The account that is marked when the page opens: the one chosen before, else the first that can be used. */
export function accountToOffer(accounts: Account[], chosenId: string | null): string | null {
  const usable = accounts.filter((account) => account.eligible)
  return (usable.find((account) => account.id === chosenId) ?? usable[0])?.id ?? null
}
