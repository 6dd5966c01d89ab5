import type { Sql, Tx } from '../db/connect.ts'
import type { CustomerId, MerchantId } from '../kernel/id.ts'
import type { Customer, CustomerStatus } from './customer.ts'

type Row = {
  id: string
  merchant_id: string
  first_name: string
  last_name: string
  email: string
  phone: string | null
  status: CustomerStatus
  created_at: Date
}

const toCustomer = (row: Row): Customer =>
  ({
    id: row.id,
    merchantId: row.merchant_id,
    firstName: row.first_name,
    lastName: row.last_name,
    email: row.email,
    phone: row.phone,
    status: row.status,
    createdAt: row.created_at,
  }) as Customer

const columns = (sql: Sql | Tx) => sql`id, merchant_id, first_name, last_name, email, phone, status, created_at`

/** Writes the customer, or brings the one with the same e-mail up to date; says which. */
export async function putCustomer(tx: Tx, customer: Customer): Promise<{ customer: Customer; fresh: boolean }> {
  const [row] = await tx<(Row & { fresh: boolean })[]>`
    insert into customer (id, merchant_id, first_name, last_name, email, phone, status, created_at)
    values (${customer.id}, ${customer.merchantId}, ${customer.firstName}, ${customer.lastName}, ${customer.email},
      ${customer.phone}, ${customer.status}, ${customer.createdAt})
    on conflict (merchant_id, lower(email)) do update set first_name = excluded.first_name,
      last_name = excluded.last_name, phone = coalesce(excluded.phone, customer.phone)
    returning ${columns(tx)}, (xmax = 0) as fresh`
  if (!row) throw new Error('broken promise: an upsert answers its row')
  return { customer: toCustomer(row), fresh: row.fresh }
}

export async function findCustomer(
  sql: Sql | Tx,
  merchantId: MerchantId,
  id: CustomerId,
): Promise<Customer | undefined> {
  const [row] = await sql<Row[]>`
    select ${columns(sql)} from customer where merchant_id = ${merchantId} and id = ${id}`
  return row && toCustomer(row)
}

/** Locks the row until the transaction ends. */
export async function takeCustomer(tx: Tx, id: CustomerId): Promise<Customer | undefined> {
  const [row] = await tx<Row[]>`select ${columns(tx)} from customer where id = ${id} for update`
  return row && toCustomer(row)
}

export async function saveCustomerStatus(tx: Tx, id: CustomerId, status: CustomerStatus): Promise<void> {
  await tx`update customer set status = ${status} where id = ${id}`
}

/** Newest first. */
export async function listCustomerRows(
  sql: Sql,
  merchantId: MerchantId,
  filter: { limit: number; after: string | null; email: string | null },
): Promise<Customer[]> {
  const rows = await sql<Row[]>`
    select ${columns(sql)} from customer where merchant_id = ${merchantId}
      ${filter.after ? sql`and id < ${filter.after}` : sql``}
      ${filter.email ? sql`and lower(email) = lower(${filter.email})` : sql``}
    order by id desc limit ${filter.limit}`
  return rows.map(toCustomer)
}
