import type { Sql } from '../db/connect.ts'
import type { Temper } from './characters.ts'

export type Customer = Readonly<{
  id: string
  bank: string
  login: string
  passwordHash: string
  temper: Temper
  firstName: string
  lastName: string
  email: string
  phone: string
  street: string
  city: string
  region: string
  postalCode: string
}>

const columns = (sql: Sql) => sql`
  id, bank, login, password_hash as "passwordHash", temper, first_name as "firstName", last_name as "lastName",
  email, phone, street, city, region, postal_code as "postalCode"`

export async function findCustomerByLogin(sql: Sql, bank: string, login: string): Promise<Customer | undefined> {
  const [row] = await sql<Customer[]>`select ${columns(sql)} from customer where bank = ${bank} and login = ${login}`
  return row
}

export async function findCustomer(sql: Sql, bank: string, id: string): Promise<Customer | undefined> {
  const [row] = await sql<Customer[]>`select ${columns(sql)} from customer where bank = ${bank} and id::text = ${id}`
  return row
}
