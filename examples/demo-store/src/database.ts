import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export type Database = DatabaseSync

const schema = `
create table if not exists person (
  id               integer primary key,
  email            text not null unique collate nocase,
  first_name       text not null,
  last_name        text not null,
  password         text not null,
  -- The platform's id of this customer, kept for this and every later payment.
  bank_customer_id text,
  created_at       integer not null
) strict;

-- One browser. Its cookie holds the token; only the hash is kept here.
create table if not exists visit (
  token_hash text primary key,
  person_id  integer references person,
  expires_at integer not null
) strict;

create table if not exists cart_line (
  visit    text not null references visit on update cascade on delete cascade,
  product  text not null,
  quantity integer not null check (quantity between 1 and 20),
  primary key (visit, product)
) strict;

-- Tries to sign in or up that still count; see throttle.ts.
create table if not exists account_try (key text not null, at integer not null) strict;
create index if not exists account_try_by_key on account_try (key, at);

-- A way to a bank that has begun: only the person who began it may come back with its state, and only once.
create table if not exists bank_link (
  state_hash text primary key,
  person_id  integer not null references person,
  next       text not null,
  expires_at integer not null
) strict;

create table if not exists shop_order (
  id           integer primary key,
  checkout_key text not null unique,
  person_id    integer not null references person,
  total_cents  integer not null check (total_cents > 0),
  created_at   integer not null
) strict;

create table if not exists order_line (
  order_id   integer not null references shop_order,
  product    text not null,
  name       text not null,
  quantity   integer not null,
  unit_cents integer not null
) strict;

-- One try to pay for an order. It is written before the platform is called, so that its request key survives a crash.
create table if not exists attempt (
  request_key      text primary key,
  order_id         integer not null references shop_order,
  bank_customer_id text not null,
  status           text not null check (status in ('asked', 'pending', 'approved', 'failed')),
  payment_id       text,
  bank_status      text,
  reason           text,
  created_at       integer not null
) strict;
-- An order is never paid twice: a new try needs the one before it to have failed.
create unique index if not exists one_live_attempt on attempt (order_id) where status <> 'failed';
`

export function openDatabase(path: string): Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
  const db = new DatabaseSync(path)
  db.exec('pragma journal_mode = wal; pragma foreign_keys = on; pragma busy_timeout = 5000;')
  db.exec(schema)
  return db
}

/** All of it or nothing. SQLite is synchronous here, so nothing else runs in between. */
export function inTransaction<T>(db: Database, work: () => T): T {
  db.exec('begin immediate')
  try {
    const result = work()
    db.exec('commit')
    return result
  } catch (error) {
    db.exec('rollback')
    throw error
  }
}
