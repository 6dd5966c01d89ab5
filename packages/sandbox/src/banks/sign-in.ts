import type { World } from '../world.ts'
import type { Bank } from './bank.ts'
import { RIGHT_CODE } from './characters.ts'
import { type Customer, findCustomer, findCustomerByLogin } from './customer.store.ts'
import { isPassword, nobodysHash } from './password.ts'
import { finishAttempt, insertAttempt, spendTry } from './sign-in.store.ts'

const CODE_LIVES_MS = 5 * 60_000
const CODE_TRIES = 3
const LONGEST_LOGIN = 64

/** How a bank answers a login and a password. Every answer but the first keeps the customer outside. */
export type SignInAnswer =
  | { kind: 'welcome'; customer: Customer }
  | { kind: 'wrong_password' }
  | { kind: 'locked' }
  | { kind: 'bank_offline' }
  | { kind: 'code_needed'; attemptId: string }

export type SignInRequest = Readonly<{
  login: string
  password: string
  /** What a code, if one is asked for, will belong to: a client, an authorization or a browser. */
  boundTo: string
  /** Kept beside the attempt and handed back with the right code. */
  request?: unknown
}>

/** Checks login and password. Whether a login exists shows neither in the answer nor in the time it takes. */
export async function signIn(world: World, bank: Bank, asked: SignInRequest): Promise<SignInAnswer> {
  const login = asked.login.trim().slice(0, LONGEST_LOGIN)
  const customer = await findCustomerByLogin(world.sql, bank.slug, login)
  const isRight = await isPassword(asked.password, customer?.passwordHash ?? nobodysHash)
  if (!customer || !isRight) return { kind: 'wrong_password' }
  if (customer.temper === 'locked') return { kind: 'locked' }
  if (customer.temper === 'goes_offline') return { kind: 'bank_offline' }
  if (customer.temper !== 'asks_code') return { kind: 'welcome', customer }

  const attemptId = world.newSecret()
  await insertAttempt(world.sql, {
    id: attemptId,
    bank: bank.slug,
    customerId: customer.id,
    boundTo: asked.boundTo,
    request: asked.request,
    expiresAt: new Date(world.realNow().getTime() + CODE_LIVES_MS),
  })
  return { kind: 'code_needed', attemptId }
}

export type CodeAnswer =
  | { kind: 'welcome'; customer: Customer; request: unknown }
  | { kind: 'wrong_code'; triesLeft: number }
  | { kind: 'expired' }
  | { kind: 'locked' }

/** Checks the code of an attempt. After three wrong ones, or when the attempt is somebody else's, it stays shut. */
export async function answerCode(
  world: World,
  bank: Bank,
  given: Readonly<{ attemptId: string; code: string; boundTo: string }>,
): Promise<CodeAnswer> {
  const attempt = await spendTry(world.sql, {
    id: given.attemptId,
    bank: bank.slug,
    boundTo: given.boundTo,
    now: world.realNow(),
    most: CODE_TRIES,
  })
  if (!attempt) return { kind: 'locked' }
  if (attempt.expired) return { kind: 'expired' }
  if (given.code.replace(/\s/g, '') !== RIGHT_CODE) {
    const triesLeft = CODE_TRIES - attempt.tries
    return triesLeft > 0 ? { kind: 'wrong_code', triesLeft } : { kind: 'locked' }
  }
  const customer = await findCustomer(world.sql, bank.slug, attempt.customerId)
  if (!customer || !(await finishAttempt(world.sql, given.attemptId))) return { kind: 'locked' }
  return { kind: 'welcome', customer, request: attempt.request }
}
