-- A payment is one debit of a customer's bank account. Its status column is the state machine's memory; payment_move is
-- its diary, one line for every move, in order, kept for ever. A decision says why it was approved or declined: each
-- rule with what it looked at.

create table payment (
  id                   uuid primary key,
  merchant_id          uuid not null references merchant,
  customer_id          uuid not null references customer,
  account_id           uuid not null references account,
  request_key          text not null check (length(request_key) between 1 and 128),
  client_reference_id  text check (length(client_reference_id) <= 255),
  soft_descriptor      text check (length(soft_descriptor) <= 80),
  amount               bigint not null check (amount > 0),
  currency             text not null check (currency = 'USD'),
  status               text not null check (status in ('created', 'authorized', 'declined')),
  decline_code         text,
  request_id           text,
  created_at           timestamptz not null,
  constraint one_payment_per_request_key unique (merchant_id, request_key),
  constraint declined_payments_say_why check ((status = 'declined') = (decline_code is not null))
);
create index on payment (merchant_id, id);
create index on payment (merchant_id, customer_id, id);
create index on payment (merchant_id, client_reference_id) where client_reference_id is not null;
-- What a customer was approved for lately: the decision's 24-hour limits.
create index on payment (customer_id, created_at) include (amount) where status <> 'declined';

create table payment_move (
  payment_id  uuid not null references payment,
  seq         int not null,
  fact        jsonb not null,
  moved_at    timestamptz not null,
  primary key (payment_id, seq)
);
create trigger append_only before update or delete on payment_move
  for each row execute function refuse_change();

create table payment_decision (
  payment_id  uuid primary key references payment,
  ruleset     int not null,
  outcome     text not null check (outcome in ('approved', 'declined')),
  rules       jsonb not null,
  decided_at  timestamptz not null,
  took_ms     int not null
);
create trigger append_only before update or delete on payment_decision
  for each row execute function refuse_change();

-- The answer given to a request that carried an Idempotency-Key, so that the same request gets the same answer.
create table idempotency (
  merchant_id  uuid not null references merchant,
  key          text not null check (length(key) between 1 and 255),
  body_hash    text not null,
  claimed_at   timestamptz not null,
  status       int,
  body         text,
  primary key (merchant_id, key)
);
create index on idempotency (claimed_at);
