-- What customers do that only shows when ACH touches their account, and the numbers an account answers to.

alter table customer drop constraint customer_temper_check;
alter table customer add constraint customer_temper_check check (
  temper in ('plain', 'asks_code', 'locked', 'goes_offline', 'slow', 'slow_balances', 'revokes_soon',
             'moves', 'closes', 'freezes', 'stops', 'disputes', 'drains', 'vanishes'));

-- When the account last got a new number.
alter table account add column moved_at timestamptz;

-- A number an account answers to beside its own: a former one, for a while, or one more of the same account.
create table other_number (
  bank         text not null,
  number       text not null check (number ~ '^\d{6,17}$'),
  account_id   text not null references account,
  -- The number to use instead; absent where this one is as good.
  replaced_by  text,
  until        timestamptz not null,
  primary key (bank, number)
);
create index on other_number (bank, replaced_by);

-- Companies a customer told the bank to pay no more.
create table stop_payment (
  account_id    text not null references account,
  company_name  text not null,
  company_id    text not null,
  created_at    timestamptz not null,
  primary key (account_id, company_name, company_id)
);
