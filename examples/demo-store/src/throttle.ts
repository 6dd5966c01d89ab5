import type { Database } from './database.ts'

const windowMs = 15 * 60_000

/** What a try counts against: names, each with how many tries a quarter of an hour allows. */
type Budget = readonly Readonly<{ key: string; tries: number }>[]

export const signInBudget = (email: string, address: string): Budget => [
  { key: `email:${email.toLowerCase()}`, tries: 5 },
  { key: `address:${address}`, tries: 30 },
]
/** Hashing a new password is dear on purpose, so an address may not ask for it without end. */
export const signUpBudget = (address: string): Budget => [{ key: `sign-up:${address}`, tries: 200 }]

/** Seconds to wait before another try is allowed; 0 when one is allowed now. */
export function secondsToWait(db: Database, budget: Budget, now: number): number {
  let wait = 0
  for (const { key, tries } of budget) {
    // The try that must grow old before another is allowed.
    const row = db
      .prepare('select at from account_try where key = ? and at > ? order by at desc limit 1 offset ?')
      .get(key, now - windowMs, tries - 1) as { at: number } | undefined
    if (row) wait = Math.max(wait, Math.ceil((row.at + windowMs - now) / 1000))
  }
  return wait
}

/** Counted before the password is looked at, so that tries made at the same time are all counted. */
export function countTry(db: Database, budget: Budget, now: number): void {
  db.prepare('delete from account_try where at <= ?').run(now - windowMs)
  for (const { key } of budget) db.prepare('insert into account_try (key, at) values (?, ?)').run(key, now)
}

/** The password was right: the email's tries are forgotten, and the address gets this one back. */
export function forgive(db: Database, email: string, address: string): void {
  db.prepare('delete from account_try where key = ?').run(`email:${email.toLowerCase()}`)
  db.prepare(
    'delete from account_try where rowid = (select rowid from account_try where key = ? order by at desc limit 1)',
  ).run(`address:${address}`)
}
