-- A session is one visit of one customer to the hosted flow; its row is the truth about which page they are on.
-- A link is the consent of one customer at one bank. An account is what they chose there. A mandate is the
-- authorization they gave, word for word, with the evidence that they gave it; it is never changed, only revoked.

create table customer (
  id           uuid primary key,
  merchant_id  uuid not null references merchant,
  first_name   text not null,
  last_name    text not null,
  email        text not null,
  phone        text,
  status       text not null check (status in ('created', 'active', 'inactive')),
  created_at   timestamptz not null
);
create index on customer (merchant_id, id);
-- The merchant vouches for the e-mail: the same one is the same customer, with one more account.
create unique index one_customer_per_email on customer (merchant_id, lower(email));

create table session (
  id              uuid primary key,
  merchant_id     uuid not null references merchant,
  customer_id     uuid not null references customer,
  key_hash        text not null unique,
  -- The cookie of the browser that opened it, hashed. Null: not opened yet.
  browser_hash    text,
  product         text not null check (product in ('PAY', 'VERIFY')),
  order_details   jsonb,
  step            text not null check (step in ('created', 'consent', 'bank', 'sign_in', 'accounts', 'authorize',
                    'done', 'left', 'expired', 'bank_unavailable', 'no_eligible_account', 'failed')),
  redirect_url    text,
  institution_id  text,
  -- What the connector needs to finish a sign-in; sealed. Cleared as soon as it was used.
  sign_in         jsonb,
  -- The state that must come back from the bank, hashed.
  state_hash      text unique,
  -- Once signed in: the link, and what the bank offered.
  link_id         uuid,
  offered         jsonb not null default '[]',
  chosen_ref      text,
  mandate_id      uuid,
  created_at      timestamptz not null,
  opened_at       timestamptz,
  ended_at        timestamptz,
  expires_at      timestamptz not null,
  constraint opened_sessions_belong_to_a_browser check (step in ('created', 'expired') or browser_hash is not null)
);
create index on session (merchant_id, id);

create table link (
  id              uuid primary key,
  merchant_id     uuid not null references merchant,
  customer_id     uuid not null references customer,
  institution_id  text not null,
  consent_id      text,
  grant_sealed    text,
  -- ending: to be revoked at the bank. relink: the bank no longer honours the consent.
  status          text not null check (status in ('active', 'ending', 'revoked', 'relink')),
  -- Refresh tokens rotate, so only one process may talk for a link at a time; it holds this lease.
  lease_until     timestamptz,
  holder_names    text[] not null default '{}',
  created_at      timestamptz not null,
  ended_at        timestamptz,
  constraint ended_links_keep_no_tokens check (status in ('active', 'ending') or grant_sealed is null)
);
create index on link (customer_id);

create table account (
  id                  uuid primary key,
  merchant_id         uuid not null references merchant,
  customer_id         uuid not null references customer,
  link_id             uuid not null references link,
  ref                 text not null,
  institution_id      text not null,
  institution_number  int not null,
  institution_name    text not null,
  name                text not null,
  type                text not null check (type in ('checking', 'savings')),
  last_four           text not null check (length(last_four) <= 4),
  routing_number      text not null check (routing_number ~ '^\d{9}$'),
  number_sealed       text not null,
  tokenised           boolean not null,
  status              text not null check (status in ('created', 'active', 'inactive', 'abandon')),
  preferred           boolean not null,
  -- The newest balance read at the bank, in cents.
  balance             bigint,
  balance_at          timestamptz,
  created_at          timestamptz not null
);
create unique index one_preferred_account on account (customer_id) where preferred;
create index on account (customer_id);

create table mandate (
  id           uuid primary key,
  merchant_id  uuid not null references merchant,
  customer_id  uuid not null references customer,
  account_id   uuid not null references account,
  kind         text not null check (kind in ('debit', 'verify')),
  version      text not null,
  text         text not null,
  text_hash    text not null,
  accepted_at  timestamptz not null,
  ip           text not null,
  user_agent   text not null,
  revoked_at   timestamptz
);
create index on mandate (account_id);

create function refuse_mandate_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.revoked_at is null and new.revoked_at is not null
     and to_jsonb(new) - 'revoked_at' = to_jsonb(old) - 'revoked_at' then
    return new;
  end if;
  raise exception 'a mandate is evidence: it can only be revoked';
end $$;
create trigger evidence before update or delete on mandate
  for each row execute function refuse_mandate_change();
