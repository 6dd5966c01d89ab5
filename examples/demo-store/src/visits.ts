import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { type Database, inTransaction } from './database.ts'
import { findPerson, type Person } from './people.ts'

const lifeMs = 30 * 24 * 60 * 60_000

export const newSecret = (): string => randomBytes(32).toString('base64url')
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** One browser: what its cookie says, and who is signed in there. */
export type Visit = Readonly<{ token: string; key: string; person: Person | undefined }>

/** The visit a cookie names; an unknown or missing cookie is a new browser. Nothing is written yet. */
export function readVisit(db: Database, cookie: string | undefined, now: number): Visit & { fresh: boolean } {
  if (cookie && /^[\w-]{43}$/.test(cookie)) {
    const key = hashOf(cookie)
    const row = db
      .prepare('select person_id personId from visit where token_hash = ? and expires_at > ?')
      .get(key, now) as { personId: number | null } | undefined
    const person = row?.personId ? findPerson(db, row.personId) : undefined
    // A browser that has put nothing in its cart has no row yet, and keeps its cookie.
    return { token: cookie, key, person, fresh: false }
  }
  const token = newSecret()
  return { token, key: hashOf(token), person: undefined, fresh: true }
}

/** Remembers the browser, so that a cart may hang on it. */
export function keepVisit(db: Database, key: string, now: number): void {
  db.prepare('delete from visit where expires_at <= ?').run(now)
  db.prepare('insert into visit (token_hash, expires_at) values (?, ?) on conflict do nothing').run(key, now + lifeMs)
}

/** Signs a person in under a new token, so that nobody who knew the old one is signed in with them. Keeps the cart. */
export function signIn(db: Database, visit: Visit, personId: number, now: number): string {
  const token = newSecret()
  inTransaction(db, () => {
    keepVisit(db, visit.key, now)
    db.prepare('update visit set token_hash = ?, person_id = ?, expires_at = ? where token_hash = ?').run(
      hashOf(token),
      personId,
      now + lifeMs,
      visit.key,
    )
  })
  return token
}

export function signOut(db: Database, visit: Visit): void {
  db.prepare('delete from visit where token_hash = ?').run(visit.key)
}

/** The proof that a form came from our own page: only who holds the cookie can know it. */
export const csrfToken = (visit: Visit): string => hashOf(`csrf:${visit.token}`)

export function csrfMatches(visit: Visit, given: unknown): boolean {
  const right = Buffer.from(csrfToken(visit))
  const said = Buffer.from(typeof given === 'string' ? given : '')
  return said.length === right.length && timingSafeEqual(said, right)
}
