-- A consent is a customer's leave for one client to read some accounts. It ends once, and never comes back.
--
-- Its id is also the id of the OAuth grant: ending a consent deletes the grant and every token hanging from it.

create table consent (
  id             text primary key,
  bank           text not null,
  customer_id    uuid not null references customer,
  client_id      text not null,
  status         text not null check (status in ('ACTIVE', 'REVOKED')),
  duration_type  text not null check (duration_type in ('ONE_TIME', 'TIME_BOUND', 'PERSISTENT')),
  duration_days  int not null check (duration_days between 1 and 365),
  lookback_days  int not null check (lookback_days between 0 and 3650),
  clusters       text[] not null check (cardinality(clusters) > 0),
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  expires_at     timestamptz not null,
  -- Set for a customer who is known to change their mind; obeyed by the first call after it.
  revoke_at      timestamptz,
  revoked_by     text check (revoked_by in ('INDIVIDUAL', 'DATA_RECIPIENT', 'DATA_PROVIDER')),
  revoked_why    text check (revoked_why in ('USER_ACTION', 'BUSINESS_RULE')),
  constraint revoked_consents_say_by_whom_and_why check (
    (status = 'REVOKED') = (revoked_by is not null) and (revoked_by is null) = (revoked_why is null))
);
create index on consent (customer_id, created_at desc);

create table consent_account (
  consent_id  text not null references consent,
  account_id  text not null references account,
  primary key (consent_id, account_id)
);

-- A number that stands for an account under one consent only, in place of the real one.
create table account_token (
  consent_id  text not null references consent,
  account_id  text not null references account,
  number      text not null unique check (number ~ '^\d{6,17}$'),
  primary key (consent_id, account_id)
);
