import type { SignedIn, SignInAnswer } from '../banks/bank-connector.ts'
import { transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import type { SessionId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { claimReturn, expectReturn, takeOpenSession } from '../sessions/session.commands.ts'
import { getOpenSession } from '../sessions/session.queries.ts'
import type { Offered, Session, SessionFact } from '../sessions/session.ts'
import { step } from './flow.commands.ts'
import { dropLink, rememberLink, sealGrant } from './link.commands.ts'

const secretContext = (id: SessionId): string => `session:${id}:sign-in`

/**
 * Sends the customer to the bank's own site: asks the bank where, remembers what must come back. Asked for again, the
 * former way back is closed. Refuses: flow_moved.
 */
export async function goToBank(house: House, id: SessionId): Promise<{ redirectTo: string } | { session: Session }> {
  const session = await signingIn(house, id)
  // The flow's id in front, so that a browser that comes back too late still finds its flow.
  const state = `${id}.${house.random(24).toString('base64url')}`
  const answer = await house.banks.begin(session.institutionId, state)
  if (answer.kind === 'bank_unavailable') return { session: await record(house, session, { kind: 'bank_failed' }) }
  const sealed = await house.vault.seal(answer.secret, secretContext(id))
  await transact(house.sql, async (tx) => {
    const now = stillThere(await takeOpenSession(tx, id), session)
    await step(house, tx, now, { kind: 'sign_in_moved', progress: { kind: 'redirect', sealed } })
    await expectReturn(tx, id, state)
  })
  return { redirectTo: answer.redirectTo }
}

/**
 * The browser is back from the bank. A state is worth one exchange, so a reloaded or doubled return changes nothing.
 * Undefined: this state is not expected (any more).
 */
export async function returnFromBank(
  house: House,
  state: string,
  query: Readonly<Record<string, string>>,
): Promise<Session | undefined> {
  const session = await transact(house.sql, (tx) => claimReturn(tx, state))
  if (session?.step !== 'sign_in' || session.signIn?.kind !== 'redirect' || !session.institutionId) return undefined
  const secret = await house.vault.open(session.signIn.sealed, secretContext(session.id))
  const answer = await house.banks.finish(session.institutionId, secret, query)
  switch (answer.kind) {
    case 'signed_in':
      return rememberSignIn(house, session, answer)
    case 'customer_left':
      return record(house, session, { kind: 'went_back', to: 'bank' })
    case 'bank_unavailable':
      return record(house, session, { kind: 'bank_failed' })
    case 'not_ours':
      house.log.warn({ sessionId: session.id, why: answer.why }, 'a return from a bank did not fit')
      return record(house, session, { kind: 'sign_in_moved', progress: null })
  }
}

/** User name and password, passed on to the bank and kept nowhere. Refuses: flow_moved. */
export async function signIn(
  house: House,
  id: SessionId,
  login: { username: string; password: string },
): Promise<Session> {
  const session = await signingIn(house, id)
  return take(house, session, await house.banks.signIn(session.institutionId, login))
}

/** The code the bank asked for. Refuses: flow_moved. */
export async function answerCode(house: House, id: SessionId, code: string): Promise<Session> {
  const session = await signingIn(house, id)
  if (session.signIn?.kind !== 'code') throw new Refusal('flow_moved', { why: 'no code was asked for' })
  const secret = await house.vault.open(session.signIn.sealed, secretContext(id))
  return take(house, session, await house.banks.answerCode(session.institutionId, secret, code))
}

async function take(house: House, session: Session, answer: SignInAnswer): Promise<Session> {
  switch (answer.kind) {
    case 'signed_in':
      return rememberSignIn(house, session, answer)
    case 'code_wanted': {
      const sealed = await house.vault.seal(answer.secret, secretContext(session.id))
      const { prompt, digits, problem } = answer
      return record(house, session, {
        kind: 'sign_in_moved',
        progress: { kind: 'code', sealed, prompt, digits, problem },
      })
    }
    case 'problem':
      return record(house, session, {
        kind: 'sign_in_moved',
        progress: { kind: 'problem', problem: answer.problem },
      })
    case 'bank_unavailable':
      return record(house, session, { kind: 'bank_failed' })
  }
}

async function rememberSignIn(house: House, session: Session, signedIn: SignedIn): Promise<Session> {
  const linkId = house.newId<'link'>()
  const grantSealed = await sealGrant(house, linkId, signedIn.grant)
  const offered = signedIn.accounts.map(
    ({ balance, ...account }): Offered => ({
      ...account,
      balance: balance ? { minor: balance.minor.toString(), readAt: house.now().toISOString() } : null,
    }),
  )
  const { id, merchantId, customerId, institutionId } = session
  const link = { id: linkId, merchantId, customerId, institutionId: institutionId ?? '', grantSealed }
  return transact(house.sql, async (tx) => {
    const now = await takeOpenSession(tx, id)
    await rememberLink(house, tx, link, signedIn)
    if (isThere(now, session)) return step(house, tx, now, { kind: 'signed_in', linkId, offered })
    // The customer went elsewhere in a second tab: what the bank just granted is given back.
    await dropLink(tx, linkId)
    return now
  })
}

async function signingIn(house: House, id: SessionId): Promise<Session & { institutionId: string }> {
  const session = await getOpenSession(house, id)
  if (session.step !== 'sign_in' || !session.institutionId) throw new Refusal('flow_moved', { from: session.step })
  return session as Session & { institutionId: string }
}

const isThere = (now: Session, before: Session): boolean =>
  now.step === 'sign_in' && now.institutionId === before.institutionId

/** While the bank was asked, the customer may have chosen another one in a second tab. */
function stillThere(now: Session, before: Session): Session {
  if (!isThere(now, before)) throw new Refusal('flow_moved')
  return now
}

const record = (house: House, session: Session, fact: SessionFact): Promise<Session> =>
  transact(house.sql, async (tx) => step(house, tx, stillThere(await takeOpenSession(tx, session.id), session), fact))
