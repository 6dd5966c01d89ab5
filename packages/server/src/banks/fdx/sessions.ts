import { createHash } from 'node:crypto'
import type { Grant } from '../bank-connector.ts'

const mostSessions = 10_000

/** A grant and the access token it gave last. Lives in memory only. */
export type Session = Readonly<{ grant: Grant; accessToken: string; renewAt: number }>

export type Sessions = Readonly<{
  /** The latest session of a grant. Who comes with a spent refresh token is led to what it was traded for. */
  find(bankId: string, grant: Grant): Session | undefined
  /** `before` is the grant that was traded for this one. The oldest session makes room. */
  remember(bankId: string, session: Session, before?: Grant): void
  forget(bankId: string, grant: Grant): void
}>

/** Access tokens by hash of the refresh tokens they came from. */
export function openSessions(): Sessions {
  const sessions = new Map<string, Session>()

  function put(key: string, session: Session): void {
    sessions.delete(key)
    sessions.set(key, session)
    const [oldest] = sessions.keys()
    if (sessions.size > mostSessions && oldest !== undefined) sessions.delete(oldest)
  }

  return {
    find(bankId, grant) {
      let found = sessions.get(keyOf(bankId, grant))
      // Ends: the latest grant of a link leads to itself, since it was remembered last.
      for (let next = found; next; ) {
        found = next
        const after = sessions.get(keyOf(bankId, found.grant))
        next = after === found ? undefined : after
      }
      return found
    },
    remember(bankId, session, before) {
      if (before) put(keyOf(bankId, before), session)
      put(keyOf(bankId, session.grant), session)
    },
    forget: (bankId, grant) => void sessions.delete(keyOf(bankId, grant)),
  }
}

/** Names a refresh token without being one. */
export const keyOf = (bankId: string, grant: Grant): string =>
  createHash('sha256').update(`${bankId}\n${grant.refreshToken}`).digest('base64url')
