-- A payout brings a merchant what is available to them, as one credit a day. Its statement is the movement of the
-- merchant's available account since the payout before it was accepted, so the two cannot differ.

alter table merchant
  -- Where payouts go. The number is sealed.
  add column payout_routing_number  text check (payout_routing_number ~ '^\d{9}$'),
  add column payout_number_sealed   text,
  add column payout_last_four       text,
  add column payout_account_type    text check (payout_account_type in ('checking', 'savings')),
  -- Less than this waits for another day.
  add column payout_minimum         bigint not null default 100 check (payout_minimum > 0),
  add column payouts_paused         boolean not null default false,
  add constraint a_payout_account_is_whole check ((payout_routing_number is null) = (payout_number_sealed is null)
    and (payout_routing_number is null) = (payout_last_four is null)
    and (payout_routing_number is null) = (payout_account_type is null));

create table payout (
  id             uuid primary key,
  merchant_id    uuid not null references merchant,
  status         text not null
    check (status in ('accepted', 'scheduled', 'initiated', 'settled', 'returned', 'canceled')),
  -- An ACH entry has ten digits for its amount: what is beyond waits for the next payout.
  amount         bigint not null check (amount between 1 and 9999999999),
  -- The banking day on whose evening it was made.
  day            date not null,
  -- Which time it is (to be) presented: a payout that was refused with its file goes into another.
  presentment    int not null default 1 check (presentment > 0),
  -- How many lines its diary has.
  moves          int not null default 0,
  -- The entries of the available account that it pays out: after the first number, up to the last.
  after_entry    bigint not null,
  last_entry     bigint not null,
  -- When the payout before it was accepted. Null: it is the first.
  period_from    timestamptz,
  -- Where it goes, as it was when it was made.
  routing_number text not null check (routing_number ~ '^\d{9}$'),
  number_sealed  text not null,
  last_four      text not null,
  account_type   text not null check (account_type in ('checking', 'savings')),
  -- The effective date of the file that it stands in.
  effective_on   date,
  settled_on     date,
  return_code    text,
  -- The state it came back from.
  returned_from  text check (returned_from in ('initiated', 'settled')),
  -- Its payments know that it reached the merchant.
  disbursed_at   timestamptz,
  created_at     timestamptz not null,
  constraint one_payout_per_merchant_and_day unique (merchant_id, day),
  -- Each statement begins where the one before it ended.
  constraint no_entry_in_two_statements unique (merchant_id, after_entry),
  -- Where nothing moved, it pays out what the one before it left behind.
  constraint statements_run_forward check (last_entry >= after_entry),
  constraint settled_payouts_have_a_day check (status <> 'settled' or settled_on is not null),
  constraint returned_payouts_say_why check ((status = 'returned') = (return_code is not null)
    and (return_code is null) = (returned_from is null))
);
create index on payout (merchant_id, id);
-- What waits for the next cut-off.
create index payout_to_send on payout (merchant_id, id) where status = 'accepted';

create table payout_move (
  payout_id  uuid not null references payout,
  seq        int not null,
  fact       jsonb not null,
  moved_at   timestamptz not null,
  primary key (payout_id, seq)
);
create trigger append_only before update or delete on payout_move
  for each row execute function refuse_change();

-- The statement: what the amount is made of. Cents, signed as the merchant feels them.
create table payout_line (
  payout_id  uuid not null references payout,
  kind       text not null,
  many       int not null check (many > 0),
  amount     bigint not null check (amount <> 0),
  primary key (payout_id, kind)
);
create trigger append_only before update or delete on payout_line
  for each row execute function refuse_change();

-- Judged when the transaction ends, since a payout and its lines are written one after the other.
create function refuse_wrong_statement() returns trigger language plpgsql as $$
declare
  wrong uuid;
begin
  select id into wrong from payout
  where id = new.payout_id
    and amount <> (select coalesce(sum(amount), 0) from payout_line where payout_id = payout.id);
  if found then
    raise exception 'the lines of payout % do not add up to its amount', wrong using errcode = 'check_violation',
      constraint = 'lines_add_up';
  end if;
  return null;
end $$;
create constraint trigger lines_add_up after insert on payout_line deferrable initially deferred
  for each row execute function refuse_wrong_statement();
-- A payout has a first line in its diary: one without any lines in its statement is found by it.
create constraint trigger lines_add_up after insert on payout_move deferrable initially deferred
  for each row execute function refuse_wrong_statement();
