import type { Logger } from 'pino'
import { assert } from '../../kernel/assert.ts'
import type { SignInAnswer, SignInProblem } from '../bank-connector.ts'
import { authorizationRequest, newProof, type Proof, readProof } from './authorize.ts'
import type { Site, Sites } from './discovery.ts'
import { errorWord } from './oauth-problem.ts'
import { BankSilent, type Outside } from './outside.ts'
import { type Fields, fieldsAt, isFields, readJson, textAt, wordsAt } from './reading.ts'
import type { FdxBank } from './settings.ts'

/** The customer is in: a code to trade, and what it was asked for with. */
export type CodeGiven = Readonly<{ kind: 'code_given'; code: string; proof: Proof }>
export type ChallengeAnswer = CodeGiven | Exclude<SignInAnswer, { kind: 'signed_in' }>

export type Challenge = Readonly<{
  signIn(bank: FdxBank, login: { username: string; password: string }): Promise<ChallengeAnswer>
  answerCode(bank: FdxBank, secret: string, code: string): Promise<ChallengeAnswer>
}>

/** What is kept between the password and the code. */
type Attempt = Readonly<{ session: string; prompt: string; digits: number; proof: Proof }>

/** The error codes of the challenge endpoint in our words. What is not here is a bank that does not work. */
const problems = new Map<string, SignInProblem>([
  ['invalid_credentials', 'wrong_credentials'],
  ['account_locked', 'account_locked'],
  ['expired_otp', 'code_expired'],
  // The attempt is over, for whatever reason: like a code too old, it takes a new sign-in.
  ['invalid_session', 'code_expired'],
])

const endpointName = 'authorization_challenge_endpoint'

/** Sign-in inside the hosted flow, by the challenge endpoint of OAuth 2.0 for First-Party Applications. */
export function openChallenge(
  deps: Readonly<{
    sites: Sites
    outside: Outside
    redirectUri: string
    random: (bytes: number) => Buffer
    log: Logger
    allowInsecure: boolean
  }>,
): Challenge {
  const warn = (bank: FdxBank, problem: string) =>
    deps.log.warn({ bank: bank.id, call: 'authorization-challenge', problem }, 'bank not understood')

  async function ask(bank: FdxBank, form: Record<string, string>): Promise<Fields | undefined> {
    const site = await deps.sites.find(bank)
    if (!site) return undefined
    const endpoint = challengeEndpoint(site, deps.allowInsecure)
    if (!endpoint) {
      warn(bank, 'no_challenge_endpoint')
      return undefined
    }
    const body = new URLSearchParams(form)
    const headers = new Headers({
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    })
    await site.authenticate(site.configuration.serverMetadata(), site.configuration.clientMetadata(), body, headers)
    try {
      const call = { bank: bank.id, name: 'authorization-challenge' }
      const response = await deps.outside.send(call, endpoint, { method: 'POST', headers, body })
      const answer = readJson(await response.text())
      return isFields(answer) ? answer : undefined
    } catch (error) {
      if (error instanceof BankSilent) return undefined
      throw error
    }
  }

  function understand(bank: FdxBank, answer: Fields | undefined, proof: Proof, before?: Attempt): ChallengeAnswer {
    if (!answer) return { kind: 'bank_unavailable' }
    const code = textAt(answer, 'authorization_code', 2_048)
    if (code) return { kind: 'code_given', code, proof }
    const error = textAt(answer, 'error', 60) ?? ''
    const session = textAt(answer, 'auth_session', 2_048)
    if (error === 'insufficient_authorization' && session) {
      const asked = fieldsAt(answer, 'challenge')
      if (asked?.type === 'otp') return codeWanted({ session, ...question(asked), proof }, null)
    }
    if (error === 'invalid_otp' && before) {
      // A bank may leave the session out of the answer; then the old one goes on.
      return codeWanted({ ...before, session: session ?? before.session }, 'wrong_code')
    }
    const problem = problems.get(error)
    if (problem) return { kind: 'problem', problem }
    if (error === 'temporarily_unavailable') return { kind: 'bank_unavailable' }
    warn(bank, errorWord(error))
    return { kind: 'bank_unavailable' }
  }

  return {
    async signIn(bank, { username, password }) {
      const proof = newProof(bank, deps.random, null)
      const wish = authorizationRequest(bank, deps.redirectUri, proof)
      return understand(bank, await ask(bank, { ...wish, username, password }), proof)
    },
    async answerCode(bank, secret, code) {
      const attempt = readAttempt(secret)
      const answer = await ask(bank, { auth_session: attempt.session, otp: code })
      return understand(bank, answer, attempt.proof, attempt)
    },
  }
}

/** The discovery document's own member; a password never goes to an address that is not https. */
function challengeEndpoint(site: Site, allowInsecure: boolean): string | undefined {
  const server: Readonly<Record<string, unknown>> = site.configuration.serverMetadata()
  const endpoint = server[endpointName]
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint)) return undefined
  const { protocol } = new URL(endpoint)
  return protocol === 'https:' || (protocol === 'http:' && allowInsecure) ? endpoint : undefined
}

function question(asked: Fields): Pick<Attempt, 'prompt' | 'digits'> {
  const { digits } = asked
  const isSensible = typeof digits === 'number' && Number.isInteger(digits) && digits >= 4 && digits <= 12
  return {
    prompt: wordsAt(asked, 'prompt', 200) ?? 'Enter the code your bank sent you',
    digits: isSensible ? digits : 6,
  }
}

const codeWanted = (attempt: Attempt, problem: SignInProblem | null): ChallengeAnswer => ({
  kind: 'code_wanted',
  prompt: attempt.prompt,
  digits: attempt.digits,
  secret: JSON.stringify(attempt),
  problem,
})

function readAttempt(secret: string): Attempt {
  const attempt = JSON.parse(secret) as Partial<Attempt>
  assert(
    typeof attempt.session === 'string' && typeof attempt.prompt === 'string' && typeof attempt.digits === 'number',
    'the secret is the one this connector gave',
  )
  const { session, prompt, digits } = attempt
  return { session, prompt, digits, proof: readProof(JSON.stringify(attempt.proof)) }
}
