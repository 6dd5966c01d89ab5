import type { FastifyRequest } from 'fastify'
import type { House } from '../house.ts'
import { looksLikeId, type SessionId } from '../kernel/id.ts'
import { Refusal } from '../kernel/refusal.ts'
import { getOpenSession, isBrowserOf } from '../sessions/session.queries.ts'
import type { Session } from '../sessions/session.ts'
import { expire } from './flow.commands.ts'

/** One secret a browser; the flows it opened are bound to it. */
export const browserCookie = 'rialto_browser'

export const browserSecretOf = (request: FastifyRequest): string | null => {
  const secret = request.cookies[browserCookie]
  return secret && secret.length <= 100 ? secret : null
}

/** The flow, if this browser opened it. A flow past its time is ended on sight. Refuses: flow_unknown. */
export async function flowOf(house: House, request: FastifyRequest, flowId: string): Promise<Session> {
  const secret = browserSecretOf(request)
  const id = flowId as SessionId
  if (!looksLikeId(flowId) || !secret || !(await isBrowserOf(house, id, secret))) throw new Refusal('flow_unknown')
  const session = await getOpenSession(house, id)
  if (session.endedAt || session.expiresAt > house.now()) return session
  await expire(house, id)
  return getOpenSession(house, id)
}
