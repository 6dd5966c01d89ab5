-- What the banks must remember about signing in, so that a restart loses nobody.

-- Keys made once, on first start: signing keys of each bank, and the keys under cookies and forms.
create table secret (
  name   text primary key,
  value  jsonb not null
);

-- Everything oidc-provider stores. The key is a hash, so a copy of this table opens no door.
create table oidc_record (
  bank         text not null,
  model        text not null,
  key          text not null,
  payload      jsonb not null,
  grant_id     text,
  uid          text,
  consumed_at  timestamptz,
  expires_at   timestamptz,
  primary key (bank, model, key)
);
create index on oidc_record (grant_id) where grant_id is not null;
create index on oidc_record (bank, model, uid) where uid is not null;
create index on oidc_record (expires_at) where expires_at is not null;

-- A customer whose password was right and who still owes the bank a code.
create table sign_in_attempt (
  id           text primary key,
  bank         text not null,
  customer_id  uuid not null references customer,
  -- What the attempt belongs to: a client, an authorization or a browser. No other may finish it.
  bound_to     text not null,
  request      jsonb,
  tries        int not null default 0 check (tries between 0 and 3),
  done         boolean not null default false,
  expires_at   timestamptz not null
);

create table online_session (
  key          text primary key,
  bank         text not null,
  customer_id  uuid not null references customer,
  expires_at   timestamptz not null
);
