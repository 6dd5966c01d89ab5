import type { House } from '../../packages/server/src/house.ts'

/** How many entries the file has, and how many of them come back. */
export const payments = 100_000
export const returned = 5_000
const customers = 20_000

/** A merchant with many linked customers and authorized payments, as the API leaves them; account numbers sealed. */
export async function seedPayments(house: House, merchantId: string): Promise<void> {
  const { sql, vault } = house
  await sql`insert into customer (id, merchant_id, first_name, last_name, email, phone, status, created_at)
    select ('c0000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${merchantId}, 'Bench', 'Customer ' || n,
      'bench-' || n || '@example.com', null, 'active', now()
    from generate_series(1, ${customers}::int) n`
  await sql`insert into link (id, merchant_id, customer_id, institution_id, consent_id, status, created_at)
    select ('b0000000-0000-7000-8000-' || right(id::text, 12))::uuid, merchant_id, id, 'bench', 'bench', 'active', now()
    from customer where merchant_id = ${merchantId}`
  const ids = Array.from(
    { length: customers },
    (_, n) => `a0000000-0000-7000-8000-${(n + 1).toString(16).padStart(12, '0')}`,
  )
  const sealed = await Promise.all(ids.map((id, n) => vault.seal(`4400${String(n).padStart(8, '0')}`, `account:${id}`)))
  await sql`insert into account (id, merchant_id, customer_id, link_id, ref, institution_id, institution_number,
      institution_name, name, type, last_four, routing_number, number_sealed, tokenised, status, preferred, created_at)
    select row.id, ${merchantId}, ('c0000000-0000-7000-8000-' || right(row.id::text, 12))::uuid,
      ('b0000000-0000-7000-8000-' || right(row.id::text, 12))::uuid, 'bench', 'bench', 1, 'Bench Bank', 'Checking',
      'checking', '1234', '011111111', row.sealed, false, 'active', true, now()
    from unnest(${ids}::uuid[], ${sealed}::text[]) as row (id, sealed)`
  await sql`insert into payment (id, merchant_id, customer_id, account_id, request_key, amount, currency, status, moves,
      created_at)
    select uuidv7(), ${merchantId}, ('c0000000-0000-7000-8000-' || lpad(to_hex(c), 12, '0'))::uuid,
      ('a0000000-0000-7000-8000-' || lpad(to_hex(c), 12, '0'))::uuid, 'order-' || n, 1000 + n % 9000, 'USD', 'authorized',
      1, now()
    from generate_series(1, ${payments}::int) n cross join lateral (select 1 + n % ${customers}::int as c)`
  await sql`insert into payment_move (payment_id, seq, fact, moved_at)
    select id, 1, '{"kind": "approved"}', created_at from payment`
  await sql`insert into event (id, merchant_id, type, resource_type, resource_id, data, happened_at)
    select uuidv7(), merchant_id, kind, 'payment', id, '{}', created_at
    from payment, unnest(array['payment.created', 'payment.authorized']) as kind`
  await sql`vacuum analyze`
}
