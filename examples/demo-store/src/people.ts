import type { Database } from './database.ts'

export type Person = {
  id: number
  email: string
  firstName: string
  lastName: string
  bankCustomerId: string | null
}

const columns = 'id, email, first_name firstName, last_name lastName, bank_customer_id bankCustomerId'

export const findPerson = (db: Database, id: number): Person | undefined =>
  db.prepare(`select ${columns} from person where id = ?`).get(id) as Person | undefined

export const findCredentials = (db: Database, email: string): { id: number; password: string } | undefined =>
  db.prepare('select id, password from person where email = ?').get(email) as
    | { id: number; password: string }
    | undefined

export type NewPerson = Readonly<{ firstName: string; lastName: string; email: string; password: string; at: number }>

/** Returns the new person's id, or undefined when the email already has an account. */
export function addPerson(db: Database, { firstName, lastName, email, password, at }: NewPerson): number | undefined {
  const row = db
    .prepare(
      `insert into person (email, first_name, last_name, password, created_at) values (?, ?, ?, ?, ?)
       on conflict (email) do nothing returning id`,
    )
    .get(email, firstName, lastName, password, at) as { id: number } | undefined
  return row?.id
}

export function setBankCustomer(db: Database, personId: number, bankCustomerId: string | null): void {
  db.prepare('update person set bank_customer_id = ? where id = ?').run(bankCustomerId, personId)
}
