-- A merchant is who is paid. An API client is a program of the merchant's that may call us; its secrets are stored as
-- hashes only, and at most two live at a time, so that a secret can be rotated without an outage.

create table merchant (
  id                     uuid primary key,
  name                   text not null check (length(name) between 1 and 100),
  status                 text not null default 'active' check (status in ('active', 'suspended')),
  logo_url               text,
  color                  text check (color ~ '^#[0-9a-f]{6}$'),
  support_url            text,
  -- The decision's limits, in cents.
  per_payment_limit      bigint not null default 900000 check (per_payment_limit > 0),
  customer_daily_limit   bigint not null default 2500000 check (customer_daily_limit > 0),
  customer_daily_count   int not null default 100 check (customer_daily_count > 0),
  -- A balance read at the bank counts as fresh for this long.
  balance_fresh_ms       int not null default 30000 check (balance_fresh_ms >= 0),
  -- Some old integrations pay with a Link-Core token.
  core_token_may_pay     boolean not null default false,
  created_at             timestamptz not null
);

create table merchant_redirect (
  merchant_id  uuid not null references merchant,
  url          text not null check (length(url) <= 2000),
  primary key (merchant_id, url)
);

create table api_client (
  id           uuid primary key,
  merchant_id  uuid not null references merchant,
  name         text not null check (length(name) between 1 and 100),
  status       text not null default 'active' check (status in ('active', 'disabled')),
  scopes       text[] not null,
  -- For private_key_jwt: public keys only.
  jwks         jsonb,
  created_at   timestamptz not null
);
create index on api_client (merchant_id);

create table api_client_secret (
  id           uuid primary key,
  client_id    uuid not null references api_client,
  hash         text not null,
  -- The last characters, so that a person can tell two secrets apart.
  hint         text not null,
  created_at   timestamptz not null,
  retired_at   timestamptz
);
create index on api_client_secret (client_id) where retired_at is null;

create function refuse_third_secret() returns trigger language plpgsql as $$
begin
  perform 1 from api_client where id = new.client_id for update;
  if (select count(*) from api_client_secret where client_id = new.client_id and retired_at is null) >= 2 then
    raise exception 'at most two secrets of a client are live' using errcode = 'check_violation',
      constraint = 'at_most_two_live_secrets';
  end if;
  return new;
end $$;
create trigger at_most_two_live_secrets before insert on api_client_secret
  for each row execute function refuse_third_secret();
