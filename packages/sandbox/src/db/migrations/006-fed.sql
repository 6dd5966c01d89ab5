-- What the originating bank and the Federal Reserve must remember: files taken, entries settled, returns sent, cash.
--
-- Bytes are stored before they are understood, and reports before they are left in the drop. Amounts are whole cents.
-- Names of states: an entry waits, then settles; it may come back before or after. Nothing here is ever deleted.

-- A file taken from the drop. `claim` is the name it was moved to first, so that a crash neither loses nor repeats it.
create table fed_file (
  id                     bigint generated always as identity primary key,
  claim                  text not null unique,
  name                   text not null,
  taken_at               timestamptz not null,
  -- Set when every byte is here; what is set later was read out of those bytes.
  stored_at              timestamptz,
  bytes                  bigint,
  sha256                 text,
  problem                text,
  immediate_origin       text not null default '',
  immediate_destination  text not null default '',
  origin_name            text not null default '',
  creation_date          text not null default '',
  creation_time          text not null default '',
  file_id_modifier       text not null default '',
  verdict                text check (verdict in ('accepted', 'accepted_with_item_errors', 'pended', 'rejected',
                                                 'duplicate')),
  message                text not null default '',
  entries                int not null default 0,
  debits                 bigint not null default 0,
  credits                bigint not null default 0,
  acknowledge_at         timestamptz,
  acknowledgment         text check (acknowledgment in ('sent', 'lost'))
);
create index on fed_file (id) where verdict is null;
create index on fed_file (acknowledge_at) where acknowledgment is null;
create index on fed_file (immediate_origin, creation_date, creation_time, file_id_modifier);

create table fed_file_part (
  file_id  bigint not null references fed_file,
  part     int not null,
  bytes    bytea not null,
  primary key (file_id, part)
);

create table fed_batch (
  id                 bigint generated always as identity primary key,
  file_id            bigint not null references fed_file,
  position           int not null,
  number             int not null,
  company_name       text not null,
  company_data       text not null,
  company_id         text not null,
  sec                text not null,
  entry_description  text not null,
  descriptive_date   text not null,
  effective_date     text not null,
  unique (file_id, position)
);

-- A moment of settlement, and the file that told of it.
create table fed_settlement (
  id       bigint generated always as identity primary key,
  at       timestamptz not null,
  day      date not null
);

create table fed_entry (
  id                bigint generated always as identity primary key,
  batch_id          bigint not null references fed_batch,
  -- A dishonored return gives a return back; a refused change says no to a notification. Neither touches a customer.
  kind              text not null check (kind in ('entry', 'dishonored', 'refused_change')),
  trace             text not null,
  transaction_code  int not null,
  routing_number    text not null,
  account_number    text not null,
  amount            bigint not null check (amount >= 0),
  individual_id     text not null,
  individual_name   text not null,
  discretionary     text not null,
  -- Of a dishonored return: why, and which return it gives back.
  dishonor_code     text,
  dishonor_trace    text,
  status            text not null check (status in ('waiting', 'settled', 'returned')),
  settles_at        timestamptz not null,
  -- Why the operator sent it back at once.
  refusal           text,
  settlement_id     bigint references fed_settlement,
  settled_at        timestamptz,
  settlement_date   date,
  account_id        text references account,
  posted            boolean not null default false,
  -- What the bank or its customer will do, and when, if nothing else happens before.
  later_code        text,
  later_at          timestamptz,
  constraint settled_entries_say_when check ((settled_at is null) = (settlement_date is null))
);
create index on fed_entry (batch_id);
create index on fed_entry (trace, id desc);
create index on fed_entry (settlement_id) where settlement_id is not null;
create index on fed_entry (settles_at, id) where status = 'waiting';
create index on fed_entry (later_at, id) where status = 'settled' and later_at is not null;

alter table account_transaction add column ach_entry bigint references fed_entry;

-- What is left in the drop for the platform. Written here first; `left_at` is when the file lay there.
create table fed_report (
  id        bigint generated always as identity primary key,
  name      text not null unique,
  kind      text not null check (kind in ('acknowledgment', 'settlement', 'returns')),
  day       date not null,
  body      bytea not null,
  made_at   timestamptz not null,
  left_at   timestamptz
);
create index on fed_report (id) where left_at is null;

-- What goes into a return file: returns, notifications of change, contested dishonored returns.
create table fed_return (
  id               bigint generated always as identity primary key,
  kind             text not null check (kind in ('return', 'correction', 'contested')),
  entry_id         bigint not null references fed_entry,
  code             text not null,
  -- Of a return the addenda information, of a correction the corrected data.
  information      text not null default '',
  date_of_death    date,
  -- What the customer signed.
  statement        text,
  -- A return sent once more, by mistake or on demand, and one sent after its time.
  repeats          bigint references fed_return,
  untimely         boolean not null default false,
  -- Of a contested one: the return it stands by.
  contests         bigint references fed_return,
  made_at          timestamptz not null,
  deliver_at       timestamptz not null,
  settlement_date  date,
  report_id        bigint references fed_report,
  position         int,
  trace            text,
  dishonored_by    bigint references fed_entry
);
create unique index an_entry_comes_back_once on fed_return (entry_id) where kind = 'return' and repeats is null;
create index on fed_return (entry_id);
create index on fed_return (deliver_at) where report_id is null;
create index on fed_return (report_id, position) where report_id is not null;
create index on fed_return (trace) where trace is not null;

-- The last sequence number given to a trace number.
create table fed_trace_counter (
  only_one  boolean primary key default true check (only_one),
  last      int not null
);
insert into fed_trace_counter (last) values (0);

-- The platform's money at its bank, movement by movement. The balance is the one after it.
create table fed_cash (
  id         bigint generated always as identity primary key,
  at         timestamptz not null,
  day        date not null,
  kind       text not null check (kind in ('settlement', 'returns')),
  reference  text not null,
  amount     bigint not null check (amount <> 0),
  balance    bigint not null
);
create index on fed_cash (day, id);

-- What shall happen to entries that match. An absent part matches everything.
create table fed_rule (
  id                   uuid primary key,
  created_at           timestamptz not null,
  position             bigint generated always as identity,
  match                jsonb not null,
  outcome              jsonb not null,
  times_left           int check (times_left >= 0)
);

create table fed_fault (
  id          uuid primary key,
  created_at  timestamptz not null,
  position    bigint generated always as identity,
  kind        text not null check (kind in ('lose_acknowledgment', 'deliver_twice', 'repeat_returns',
                                            'untimely_return', 'refuse_file', 'bank_down')),
  report      text check (report in ('acknowledgment', 'settlement', 'returns')),
  times_left  int check (times_left >= 0)
);
