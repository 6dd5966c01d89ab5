import type { House } from '../house.ts'
import { looksLikeId, type MerchantId, type SessionId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { hashOf } from './session.commands.ts'
import { belongsToBrowser, findMerchantOfKey, findSession } from './session.store.ts'
import type { Session } from './session.ts'

/** Refuses: session_not_found, also for another merchant's. */
export async function getSession(house: House, merchantId: MerchantId, id: string): Promise<Session> {
  const session = looksLikeId(id) ? await findSession(house.sql, id as SessionId) : undefined
  if (session?.merchantId !== merchantId) throw new Refusal('session_not_found')
  return session
}

/** For the hosted flow, whose browser was checked before. Refuses: flow_unknown. */
export async function getOpenSession(house: House, id: SessionId): Promise<Session> {
  const session = await findSession(house.sql, id)
  if (!session) throw new Refusal('flow_unknown')
  return session
}

/** Whether a browser with this secret opened this session. */
export const isBrowserOf = (house: House, id: SessionId, secret: string): Promise<boolean> =>
  belongsToBrowser(house.sql, id, hashOf(secret))

/** Whose a session key is, without opening it. Undefined: nobody's. */
export const findSessionMerchant = (house: House, sessionKey: string): Promise<MerchantId | undefined> =>
  findMerchantOfKey(house.sql, hashOf(sessionKey))
