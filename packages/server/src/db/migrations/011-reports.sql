-- Reports: files for a merchant's back office. A report is opened for a period of whole Eastern days, told which
-- payments it is about, made once from the payments' diaries as they stood at the end of the period, kept, and put into
-- the merchant's drop. A made report never changes. No account number is in one, so its text is kept as it is.

alter table merchant
  add column wants_reports       boolean not null default true,
  -- The settings of the merchant's own drop, sealed: they may hold a password. Null: the deployment's folder.
  add column report_drop_sealed  text;

-- The diary by time. It is only ever appended to, so a range of its pages is a range of time: this index has an entry
-- for each range, not for each line, and writing the diary costs no more than before.
create index payment_move_by_time on payment_move using brin (moved_at) with (pages_per_range = 32, autosummarize = on);

create table report (
  id            uuid primary key,
  merchant_id   uuid not null references merchant,
  kind          text not null check (kind in ('transactions', 'payout')),
  first_day     date not null,
  last_day      date not null,
  name          text not null check (length(name) between 1 and 200),
  -- Who is finding out which payments it is about; whoever began last does it.
  gathering     uuid,
  -- All its payments are known.
  gathered_at   timestamptz,
  -- Which try to make it came to an end: its pieces are the file.
  making        uuid,
  sha256        text,
  bytes         bigint,
  rows          int,
  made_at       timestamptz,
  -- Tries to put it into the merchant's drop, and what the last one that failed ran into.
  attempts      int not null default 0,
  problem       text,
  delivered_at  timestamptz,
  constraint one_report_per_period unique (merchant_id, kind, first_day, last_day),
  constraint a_period_has_days check (first_day <= last_day),
  constraint made_reports_are_whole check (
    (made_at is null) = (making is null) and (made_at is null) = (sha256 is null)
    and (made_at is null) = (bytes is null) and (made_at is null) = (rows is null)),
  constraint only_made_reports_are_delivered check (delivered_at is null or made_at is not null)
);
create index on report (merchant_id, id);
create index on report (first_day, last_day) where gathered_at is null;
create index on report (gathering) where gathered_at is null;

create function refuse_mending_reports() returns trigger language plpgsql as
$$ begin raise exception 'a made report never changes'; end $$;
create trigger made_reports_never_change before update on report
  for each row when (old.made_at is not null
    and (old.merchant_id, old.kind, old.first_day, old.last_day, old.name,
      old.making, old.sha256, old.bytes, old.rows, old.made_at)
    is distinct from (new.merchant_id, new.kind, new.first_day, new.last_day, new.name,
      new.making, new.sha256, new.bytes, new.rows, new.made_at))
  execute function refuse_mending_reports();
create trigger made_reports_stay before delete on report
  for each row when (old.made_at is not null) execute function refuse_mending_reports();

-- Which payments a report is about, until it is made. A report is never removed before that.
create table report_line (
  report_id   uuid not null,
  payment_id  uuid not null,
  primary key (report_id, payment_id)
);

-- The files, in pieces of about a megabyte, in order. Two who make the same report at once do not mix theirs.
create table report_piece (
  report_id  uuid not null references report,
  making     uuid not null,
  piece      int not null,
  content    text not null,
  primary key (report_id, making, piece)
);
create function refuse_mending_pieces() returns trigger language plpgsql as $$
begin
  perform from report where id = coalesce(new.report_id, old.report_id) and made_at is null for share;
  if not found then raise exception 'a made report never changes'; end if;
  return coalesce(new, old);
end $$;
create trigger made_reports_never_change before insert or delete on report_piece
  for each row execute function refuse_mending_pieces();
create trigger append_only before update on report_piece
  for each row execute function refuse_change();

-- The days whose reports have all been asked for, so that no day is left out after an outage.
create table report_day (
  day        date primary key,
  opened_at  timestamptz not null
);

-- Return rates: of the debits that a merchant sent, how many came back, by the day on which they settled. Counted from
-- the diary line by line, each line once: 'counted_until' moves in the transaction that counts.

create table return_rate_day (
  merchant_id     uuid not null references merchant,
  day             date not null,
  debits          int not null,
  unauthorized    int not null,
  administrative  int not null,
  -- All that came back, these two among them.
  returned        int not null,
  primary key (merchant_id, day),
  constraint no_more_come_back_than_were_sent check (unauthorized >= 0 and administrative >= 0
    and unauthorized + administrative <= returned and returned <= debits)
);
create index on return_rate_day (day);

create table return_rate_count (
  id             boolean primary key default true check (id),
  counted_until  timestamptz
);
insert into return_rate_count default values;

-- From which day which rates are too high, in basis points. The first are Nacha's; a row with a later day takes over
-- on that day.
create table return_rate_threshold (
  from_day            date primary key,
  unauthorized_bps    int not null check (unauthorized_bps between 1 and 10000),
  administrative_bps  int not null check (administrative_bps between 1 and 10000),
  overall_bps         int not null check (overall_bps between 1 and 10000),
  -- Of fewer debits, a rate says nothing.
  fewest_debits       int not null check (fewest_debits > 0)
);
create trigger append_only before update or delete on return_rate_threshold
  for each row execute function refuse_change();
insert into return_rate_threshold values ('2015-09-18', 50, 300, 1500, 100);

-- How a merchant's rates stood, whenever that changed; without a merchant, the platform's. No line: nothing was ever
-- wrong.
create table return_rate_standing (
  id           uuid primary key,
  merchant_id  uuid references merchant,
  rate         text not null check (rate in ('unauthorized', 'administrative', 'overall')),
  standing     text not null check (standing in ('too_few', 'ok', 'warning', 'exceeded')),
  span         text not null check (span in ('sixty_days', 'two_months')),
  returns      int not null,
  debits       int not null,
  judged_at    timestamptz not null
);
create index on return_rate_standing (merchant_id, rate, id);
create trigger append_only before update or delete on return_rate_standing
  for each row execute function refuse_change();

alter table merchant
  -- New debits are held when a rate is exceeded.
  add column hold_on_return_rates  boolean not null default false,
  -- Since when they are, by the platform and not by the merchant.
  add column debits_held_since     timestamptz;

-- Who held and who let go, for ever.
create table debit_hold (
  id           uuid primary key,
  merchant_id  uuid not null references merchant,
  did          text not null check (did in ('held', 'lifted')),
  by           text not null check (length(by) between 1 and 100),
  why          text not null check (length(why) between 1 and 500),
  at           timestamptz not null
);
create index on debit_hold (merchant_id, id);
create trigger append_only before update or delete on debit_hold
  for each row execute function refuse_change();
