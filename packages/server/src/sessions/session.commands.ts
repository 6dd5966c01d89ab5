import { createHash } from 'node:crypto'
import { forget, remind } from '../agenda/agenda.commands.ts'
import { greetCustomer } from '../customers/customer.commands.ts'
import type { NewCustomer } from '../customers/customer.ts'
import { type Tx, transact } from '../db/connect.ts'
import type { House } from '../house.ts'
import type { CustomerId, MerchantId, SessionId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import {
  bindBrowser,
  claimState,
  eraseOffers,
  insertSession,
  saveSession,
  setState,
  takeSession,
  takeSessionByKey,
} from './session.store.ts'
import { move, type Product, type Session, type SessionFact } from './session.ts'

export type NewSession = Readonly<{
  merchantId: MerchantId
  customer: NewCustomer
  product: Product
  orderDetails: Record<string, unknown> | null
  requestId: string
}>

/** Keys, states and cookies are 256 random bits, so a fast hash hides them well enough. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

/**
 * Opens a visit for a customer. The key is shown once, works once and lives for half an hour.
 * The same e-mail at the same merchant is the same customer.
 */
export function createSession(house: House, input: NewSession): Promise<{ session: Session; sessionKey: string }> {
  const sessionKey = house.random(32).toString('base64url')
  const at = house.now()
  return transact(house.sql, async (tx) => {
    const customer = await greetCustomer(house, tx, input.merchantId, input.customer, input.requestId)
    const session: Session = {
      id: house.newId(),
      merchantId: input.merchantId,
      customerId: customer.id,
      product: input.product,
      step: 'created',
      redirectUrl: null,
      institutionId: null,
      signIn: null,
      linkId: null,
      offered: [],
      chosenRef: null,
      mandateId: null,
      createdAt: at,
      openedAt: null,
      endedAt: null,
      expiresAt: new Date(at.getTime() + house.settings.sessionLifeMs),
    }
    await insertSession(tx, session, { keyHash: hashOf(sessionKey), orderDetails: input.orderDetails })
    await remind(tx, session.expiresAt, 'expire-session', { sessionId: session.id }, expiryKey(session.id))
    return { session, sessionKey }
  })
}

/** The one way a session moves. The caller holds the row. Refuses: flow_moved. */
export async function applySessionFact(
  house: Pick<House, 'now'>,
  tx: Tx,
  session: Session,
  fact: SessionFact,
): Promise<Session> {
  const next = move(session, fact, house.now())
  await saveSession(tx, next)
  return next
}

/** Locks the row until the transaction ends. Refuses: flow_unknown. */
export async function takeOpenSession(tx: Tx, id: SessionId): Promise<Session> {
  const session = await takeSession(tx, id)
  if (!session) throw new Refusal('flow_unknown')
  return session
}

/** Gives the session of a key to the browser that comes first. The same browser may come again. */
export async function bindSession(
  tx: Tx,
  sessionKey: string,
  browserSecret: string,
): Promise<{ kind: 'ours'; session: Session } | { kind: 'used' | 'unknown' }> {
  const found = await takeSessionByKey(tx, hashOf(sessionKey))
  if (!found) return { kind: 'unknown' }
  if (found.browserHash === null) await bindBrowser(tx, found.session.id, hashOf(browserSecret))
  else if (found.browserHash !== hashOf(browserSecret)) return { kind: 'used' }
  return { kind: 'ours', session: found.session }
}

/** From now on a bank may send the browser back with this state, once. */
export const expectReturn = (tx: Tx, id: SessionId, state: string): Promise<void> => setState(tx, id, hashOf(state))

/** Undefined: the state is not expected, or was used before. */
export const claimReturn = (tx: Tx, state: string): Promise<Session | undefined> => claimState(tx, hashOf(state))

/** What a bank offered on former visits of a customer is not kept longer than the customer is. */
export const forgetOffers = (tx: Tx, customerId: CustomerId): Promise<void> => eraseOffers(tx, customerId)

/** A visit that ended before it began still knows the way back to the merchant. */
export async function keepWayBack(tx: Tx, session: Session, redirectUrl: string | null): Promise<Session> {
  const next = { ...session, redirectUrl }
  await saveSession(tx, next)
  return next
}

const expiryKey = (id: SessionId): string => `session:${id}:expires`

/** A visit that is over needs no reminder to expire. */
export const forgetExpiry = (tx: Tx, id: SessionId): Promise<void> => forget(tx, [expiryKey(id)])
