-- The customers of the pretend banks, their accounts, and what happened on them.
--
-- A bank never sees another bank's rows: every table carries the bank's slug, or hangs from a row that does.
-- Money is whole cents. For a credit card or a loan the current balance is what the customer owes.

create table customer (
  id             uuid primary key,
  bank           text not null,
  login          text not null,
  password_hash  text not null,
  -- How the bank treats this customer; the words are explained in banks/characters.ts.
  temper         text not null check (temper in ('plain', 'asks_code', 'locked', 'goes_offline',
                                                 'slow', 'slow_balances', 'revokes_soon')),
  first_name     text not null,
  last_name      text not null,
  email          text not null,
  phone          text not null check (phone ~ '^\d{10}$'),
  street         text not null,
  city           text not null,
  region         text not null,
  postal_code    text not null,
  constraint one_customer_per_login_and_bank unique (bank, login)
);

create table account (
  id                 text primary key,
  bank               text not null,
  customer_id        uuid not null references customer,
  kind               text not null check (kind in ('checking', 'savings', 'credit_card', 'loan')),
  product_name       text not null,
  number             text not null check (number ~ '^\d{6,17}$'),
  status             text not null check (status in ('OPEN', 'CLOSED', 'RESTRICTED')),
  current_balance    bigint not null,
  available_balance  bigint not null,
  balance_at         timestamptz not null,
  position           int not null,
  constraint one_account_of_a_kind_per_customer unique (customer_id, kind),
  constraint account_numbers_are_unique_in_a_bank unique (bank, number)
);

create table account_transaction (
  id           text primary key,
  account_id   text not null references account,
  posted_at    timestamptz not null,
  description  text not null,
  -- Signed as the customer feels it: below zero when money left.
  amount       bigint not null check (amount <> 0)
);
create index on account_transaction (account_id, posted_at desc, id);
