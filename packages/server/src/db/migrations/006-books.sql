-- The books: what the platform holds, and whose it is.
--
-- An entry names one account to debit and one to credit, so an unbalanced entry cannot be written.
-- Entries are never changed; a mistake is mended by another journal. A journal's id says what it records, so it posts
-- once.
-- Balances live on the account's row: taking money locks that row, and the check refuses to go below the floor.
-- Entries name accounts and journals by their numbers: they are many, and names are long.

create table ledger_account (
  number       int generated always as identity primary key,
  id           text collate "C" not null unique check (length(id) <= 100),
  merchant_id  uuid references merchant,
  normal       text not null check (normal in ('debit', 'credit')),
  floor        bigint,
  debits       bigint not null default 0 check (debits >= 0),
  credits      bigint not null default 0 check (credits >= 0),
  balance      bigint generated always as (
                 case normal when 'debit' then debits - credits else credits - debits end) stored,
  constraint balance_above_floor check (
    floor is null or (case normal when 'debit' then debits - credits else credits - debits end) >= floor)
-- A balance changes often: its next version finds room on the same page, and no index has to know.
) with (fillfactor = 50);
create index on ledger_account (merchant_id) where merchant_id is not null;

create table ledger_journal (
  number     bigint generated always as identity primary key,
  -- Compared byte by byte, so that all journals of a file are found by how their ids begin.
  id         text collate "C" not null unique check (length(id) <= 200),
  reason     text not null,
  -- The Eastern day the journal belongs to: a day of the bank's statement.
  day        date not null,
  posted_at  timestamptz not null
);
create index on ledger_journal (day);

-- An entry's id is given while its accounts are locked: in an account, the order of ids is the order of its balances.
create table ledger_entry (
  id              bigint generated always as identity,
  -- What these three refer to exists: a trigger refuses what does not, for all entries of a statement at once.
  journal         bigint not null,
  debit_account   int not null,
  credit_account  int not null,
  amount          bigint not null check (amount > 0),
  -- Whose diary it follows from, and which line of it: a payment's or a payout's. Null: a journal of its own.
  subject_id      uuid,
  subject_seq     int,
  -- No index has the id alone: an account's newest entries would be looked for among those of all accounts.
  primary key (journal, id),
  constraint an_entry_has_two_sides check (debit_account <> credit_account),
  constraint a_subject_has_a_line check ((subject_id is null) = (subject_seq is null))
);
create index on ledger_entry (subject_id) where subject_id is not null;
create index on ledger_entry (debit_account, id);
create index on ledger_entry (credit_account, id);

create trigger append_only before update or delete on ledger_entry
  for each row execute function refuse_change();
create trigger append_only before update or delete on ledger_journal
  for each row execute function refuse_change();

-- As foreign keys would, which ask entry by entry and so take two thirds of the time in which a file is posted.
-- Journals and accounts are never deleted, so nothing needs to be locked for it. Each is looked up by itself
-- ("is null", not "not exists"): a join may be planned when the tables are small, and would read them whole later.
create function refuse_strays() returns trigger language plpgsql as $$
begin
  if exists (select from (select debit_account as number from added union select credit_account from added) as named
             where (select known.number from ledger_account as known where known.number = named.number) is null) then
    raise exception 'an entry names an account that is not in the books' using errcode = 'foreign_key_violation',
      constraint = 'entries_name_accounts';
  end if;
  if exists (select from (select distinct journal from added) as named
             where (select number from ledger_journal where number = named.journal) is null) then
    raise exception 'an entry names a journal that does not exist' using errcode = 'foreign_key_violation',
      constraint = 'entries_name_journals';
  end if;
  return null;
end $$;
create trigger no_strays after insert on ledger_entry referencing new table as added
  for each statement execute function refuse_strays();

create function refuse_closing() returns trigger language plpgsql as
$$ begin raise exception 'an account of the books is never deleted'; end $$;
create trigger never_deleted before delete on ledger_account
  for each row execute function refuse_closing();
create function refuse_unposting() returns trigger language plpgsql as
$$ begin raise exception 'account % of the books changes by posting only', old.id; end $$;
create trigger never_unposted before update on ledger_account
  for each row when (new.debits < old.debits or new.credits < old.credits
    or new.id <> old.id or new.normal <> old.normal or new.merchant_id is distinct from old.merchant_id)
  execute function refuse_unposting();

insert into ledger_account (id, normal, floor) values
  ('bank:settlement',         'debit',  null),
  ('ach:debits_in_transit',   'debit',  0),
  ('ach:credits_in_transit',  'credit', 0),
  ('ach:suspense',            'credit', null),
  ('platform:fees',           'credit', null),
  ('platform:losses',         'debit',  null),
  ('platform:verification',   'debit',  null);

-- What each merchant has. Only 'available' may go below zero: a return is a fact and must always post. It has the
-- lowest number of the five, and so is locked first by whoever posts: a wish may lock it alone, look, and post then.
insert into ledger_account (id, merchant_id, normal, floor)
select 'merchant:' || merchant.id || ':' || part, merchant.id, 'credit', case part when 'available' then null else 0 end
from merchant
cross join unnest(array['available', 'pending', 'held', 'outgoing', 'reserve']) with ordinality as parts (part, place)
order by merchant.id, place;
