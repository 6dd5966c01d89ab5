import type postgres from 'postgres'

export type Sql = postgres.Sql

/** Ids end in the customer's number as twelve hex digits, so that both load generators can name one without looking. */
export const customerPrefix = 'c0000000-0000-7000-8000-'
export const accountPrefix = 'a0000000-0000-7000-8000-'

/** In the database before the measuring beside the yardstick begins. */
export const payments = 100_000

/**
 * Customers as the linking flow leaves them: link, active preferred account, mandate, and a balance that was just read.
 * The merchant's limits are as high as they go and the balance stays fresh for weeks, so no bank is asked.
 */
export async function seed(sql: Sql, merchantId: string, customers: number): Promise<void> {
  await sql`update merchant set per_payment_limit = 1000000000000000, customer_daily_limit = 1000000000000000,
    customer_daily_count = 2000000000, balance_fresh_ms = 2000000000 where id = ${merchantId}`
  await sql`insert into customer (id, merchant_id, first_name, last_name, email, phone, status, created_at)
    select ('c0000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${merchantId}, 'Bench', 'Customer',
      'bench-' || n || '@example.com', null, 'active', now()
    from generate_series(1, ${customers}::int) n`
  await sql`insert into link (id, merchant_id, customer_id, institution_id, consent_id, status, created_at)
    select ('b0000000-0000-7000-8000-' || right(id::text, 12))::uuid, merchant_id, id, 'finbank-oauth', 'bench', 'active', now()
    from customer where merchant_id = ${merchantId}`
  await sql`insert into account (id, merchant_id, customer_id, link_id, ref, institution_id, institution_number,
      institution_name, name, type, last_four, routing_number, number_sealed, tokenised, status, preferred, balance,
      balance_at, created_at)
    select ('a0000000-0000-7000-8000-' || right(customer_id::text, 12))::uuid, merchant_id, customer_id, id, 'bench',
      'finbank-oauth', 170001, 'Finbank OAuth', 'Checking', 'checking', '1234', '011000015', 'sealed', true, 'active',
      true, 1000000000000, now(), now()
    from link where merchant_id = ${merchantId}`
  await sql`insert into mandate (id, merchant_id, customer_id, account_id, kind, version, text, text_hash, accepted_at, ip, user_agent)
    select ('d0000000-0000-7000-8000-' || right(customer_id::text, 12))::uuid, merchant_id, customer_id, id, 'debit', '1',
      'I authorize debits.', 'hash', now(), '127.0.0.1', 'bench'
    from account where merchant_id = ${merchantId}`
  await sql`vacuum analyze customer, link, account, mandate`
}

/**
 * Payments older than the 24-hour window, so that PostgreSQL plans for tables as they are after some days, for the
 * server as for the yardstick.
 */
export async function fillYesterday(sql: Sql, merchantId: string, customers: number): Promise<void> {
  await sql`insert into payment (id, merchant_id, customer_id, account_id, request_key, client_reference_id, amount,
      currency, status, created_at)
    select uuidv7(interval '-2 days'), ${merchantId}, ('c0000000-0000-7000-8000-' || lpad(to_hex(c), 12, '0'))::uuid,
      ('a0000000-0000-7000-8000-' || lpad(to_hex(c), 12, '0'))::uuid, 'yesterday-' || n, 'order-1', 1234, 'USD', 'authorized',
      now() - interval '2 days'
    from generate_series(1, ${payments}::int) n cross join lateral (select 1 + n % ${customers}::int as c)`
  await sql`insert into payment_move (payment_id, seq, fact, moved_at)
    select id, 1, '{"kind": "approved"}', created_at from payment where request_key like 'yesterday-%'`
  await sql`insert into payment_decision (payment_id, ruleset, outcome, rules, decided_at, took_ms)
    select id, 1, 'approved', '[]', created_at, 3 from payment where request_key like 'yesterday-%'`
  await sql`insert into event (id, merchant_id, type, resource_type, resource_id, data, request_id, happened_at)
    select uuidv7(interval '-2 days'), merchant_id, kind, 'payment', id, '{}', null, created_at
    from payment, unnest(array['payment.created', 'payment.authorized']) as kind
    where request_key like 'yesterday-%'`
  await sql`vacuum analyze`
}

export type Counts = Readonly<{ payments: number; moves: number; decisions: number; events: number }>

export async function countRows(sql: Sql): Promise<Counts> {
  const [row] = await sql<Counts[]>`
    select (select count(*)::int from payment where status = 'authorized') as payments,
      (select count(*)::int from payment_move) as moves, (select count(*)::int from payment_decision) as decisions,
      (select count(*)::int from event where resource_type = 'payment') as events`
  if (!row) throw new Error('nothing was counted')
  return row
}

/** So many payments, each with its diary line, its decision and its two events: no more and no less. */
export async function checkGrown(sql: Sql, before: Counts, by: number, who: string): Promise<void> {
  const after = await countRows(sql)
  const grown = (name: keyof Counts) => after[name] - before[name]
  if (grown('payments') !== by || grown('moves') !== by || grown('decisions') !== by || grown('events') !== 2 * by)
    throw new Error(
      `${who} counted ${by} payments, but the database grew by ${grown('payments')} payments, ${grown('moves')} diary lines, ${grown('decisions')} decisions and ${grown('events')} events`,
    )
}
