import { acceptAccount, numberContext } from '../customers/customer.commands.ts'
import { type Tx, transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import { assert } from '../kernel/assert.ts'
import type { SessionId } from '../kernel/id.ts'
import { Money } from '../kernel/money.ts'
import { Refusal } from '../kernel/refusal.ts'
import {
  applySessionFact,
  bindSession,
  forgetExpiry,
  keepWayBack,
  takeOpenSession,
} from '../sessions/session.commands.ts'
import { isOver, type Session, type SessionFact } from '../sessions/session.ts'
import { authorizationFor } from './authorization.queries.ts'
import { callBank, dropLink } from './link.commands.ts'

export type Opened =
  | Readonly<{ kind: 'opened'; session: Session; browserSecret: string }>
  | Readonly<{ kind: 'used' | 'unknown' }>

/**
 * A browser comes with a session key. The first browser owns the flow; the same browser may come again, another one
 * finds it used. The redirect address is taken only if it is on the merchant's list.
 */
export async function openFlow(
  house: House,
  visit: { sessionKey: string; redirectUrl: string | null; browserSecret: string | null },
): Promise<Opened> {
  const browserSecret = visit.browserSecret ?? house.random(32).toString('base64url')
  return transact(house.sql, async (tx) => {
    const bound = await bindSession(tx, visit.sessionKey, browserSecret)
    if (bound.kind !== 'ours') return bound
    const { session } = bound
    if (session.openedAt || session.redirectUrl) return { kind: 'opened', session, browserSecret }
    if (session.step === 'created' && session.expiresAt > house.now()) {
      const next = await step(house, tx, session, { kind: 'opened', redirectUrl: visit.redirectUrl })
      return { kind: 'opened', session: next, browserSecret }
    }
    const ended = session.step === 'created' ? await step(house, tx, session, { kind: 'expired' }) : session
    return { kind: 'opened', session: await keepWayBack(tx, ended, visit.redirectUrl), browserSecret }
  })
}

/** Refuses: flow_moved. */
export const consent = (house: House, id: SessionId) => moveFlow(house, id, { kind: 'consented' })

/** Refuses: flow_moved, bank_not_found. */
export function chooseBank(house: House, id: SessionId, institutionId: string): Promise<Session> {
  if (!house.banks.institutions().some((bank) => bank.id === institutionId)) throw new Refusal('bank_not_found')
  return moveFlow(house, id, { kind: 'bank_chosen', institutionId })
}

/** Refuses: flow_moved, also when the account cannot be used. */
export const chooseAccount = (house: House, id: SessionId, ref: string) =>
  moveFlow(house, id, { kind: 'account_chosen', ref })

/** Refuses: flow_moved. */
export const goBack = (house: House, id: SessionId, to: 'bank' | 'accounts') =>
  moveFlow(house, id, { kind: 'went_back', to })

/** Leaving twice is leaving once. Refuses: flow_moved (already linked, or expired). */
export async function leave(house: House, id: SessionId): Promise<Session> {
  return transact(house.sql, async (tx) => {
    const session = await takeOpenSession(tx, id)
    return session.step === 'left' ? session : step(house, tx, session, { kind: 'left' })
  })
}

/** The half hour is over. A flow that ended before stays as it ended. */
export async function expire(house: House, id: SessionId): Promise<void> {
  await transact(house.sql, async (tx) => {
    const session = await takeOpenSession(tx, id)
    if (!isOver(session.step)) await step(house, tx, session, { kind: 'expired' })
  })
}

/**
 * The customer agreed to the text they were shown: reads the account number at the bank, then links account, mandate
 * and customer in one transaction. Refuses: flow_moved, also when the text has changed since it was shown.
 */
export async function authorize(
  house: House,
  id: SessionId,
  evidence: { textHash: string; ip: string; userAgent: string },
): Promise<Session> {
  const { session, text, textHash, version } = await authorizationFor(house, id)
  if (textHash !== evidence.textHash) throw new Refusal('flow_moved', { why: 'the text has changed' })
  const { linkId, institutionId } = session
  const chosen = session.offered.find(({ ref }) => ref === session.chosenRef)
  assert(linkId && institutionId && chosen, 'an authorized session has an account')
  const { ref, name, type, lastFour, balance } = chosen
  assert(type !== 'other', 'only checking and savings are eligible')
  const bank = house.banks.institutions().find((one) => one.id === institutionId)
  assert(bank, 'a chosen bank is in the directory')

  const numbers = await callBank(house, linkId, (link, grant, keep) =>
    house.banks.numbers(link.institutionId, grant, ref, keep),
  )
  if (numbers.kind !== 'ok') return moveFlow(house, id, { kind: 'bank_failed' })

  const accountId = house.newId<'account'>()
  const numberSealed = await house.vault.seal(numbers.value.accountNumber, numberContext(accountId))
  const at = house.now()
  const { merchantId, customerId } = session
  return transact(house.sql, async (tx) => {
    const now = await takeOpenSession(tx, id)
    if (now.linkId !== linkId || now.chosenRef !== ref) throw new Refusal('flow_moved', { why: 'another account' })
    const mandateId = house.newId<'mandate'>()
    const next = await step(house, tx, now, { kind: 'authorized', mandateId })
    await acceptAccount(house, tx, {
      account: {
        ...{ id: accountId, merchantId, customerId, linkId, ref, institutionId, name, type, lastFour },
        ...{ institutionNumber: bank.number, institutionName: bank.name, status: 'active', preferred: true },
        routingNumber: numbers.value.routingNumber,
        tokenised: numbers.value.tokenised,
        balance: balance === null ? null : { amount: Money.of(BigInt(balance.minor)), at: new Date(balance.readAt) },
        createdAt: at,
      },
      numberSealed,
      mandate: {
        ...{ id: mandateId, merchantId, customerId, accountId, version, text, textHash, acceptedAt: at },
        kind: session.product === 'VERIFY' ? 'verify' : 'debit',
        ip: evidence.ip,
        userAgent: evidence.userAgent.slice(0, 500),
      },
    })
    return next
  })
}

const moveFlow = (house: House, id: SessionId, fact: SessionFact): Promise<Session> =>
  transact(house.sql, async (tx) => step(house, tx, await takeOpenSession(tx, id), fact))

/** Moves a flow the caller has locked. A link that the move leaves behind is revoked at the bank. */
export async function step(house: House, tx: Tx, before: Session, fact: SessionFact): Promise<Session> {
  const after = await applySessionFact(house, tx, before, fact)
  const abandoned = before.linkId && (after.linkId !== before.linkId || (isOver(after.step) && after.step !== 'done'))
  if (abandoned) await dropLink(tx, before.linkId)
  if (isOver(after.step)) await forgetExpiry(tx, after.id)
  return after
}
