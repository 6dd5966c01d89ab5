-- Files out and reports in. Everything here can be rebuilt from, or compared with, the bytes that went and came.
--
-- A file is collected at a cut-off, built once from the entries written here, sealed (it holds account numbers), then
-- put into the drop. An entry is written when a payment or a payout is assigned to a file; the database forbids that
-- the same presentment stands in two files. Reports are stored as bytes first, then as lines, then applied; a line that
-- does not fit waits as an exception.

-- Numbers that may never be given twice, per originating bank: the seven digits of trace numbers.
create table ach_counter (
  bank_id     text primary key,
  next_trace  bigint not null default 1
);

create table ach_file (
  id               uuid primary key,
  bank_id          text not null,
  cut_off_at       timestamptz not null,
  -- A cut-off with more than fits into one file makes several.
  part             int not null check (part > 0),
  speed            text not null check (speed in ('same_day', 'standard')),
  creation_date    date not null,
  creation_time    text not null check (creation_time ~ '^\d\d:\d\d$'),
  modifier         text not null check (modifier ~ '^[A-Z0-9]$'),
  effective_on     date not null,
  -- collecting: entries are added; built: may be sent when released; sent; then what the bank says to it.
  status           text not null check (status in ('collecting', 'built', 'sent', 'accepted', 'rejected', 'withdrawn')),
  entries          int not null default 0,
  debits           bigint not null default 0,
  credits          bigint not null default 0,
  sha256           text,
  bytes            bigint,
  needs_release    boolean not null,
  created_at       timestamptz not null,
  built_at         timestamptz,
  sent_at          timestamptz,
  -- All its payments know that they were sent.
  initiated_at     timestamptz,
  acknowledged_at  timestamptz,
  -- The bank's word and sentence.
  answer           text,
  message          text,
  constraint one_file_per_cut_off_and_part unique (bank_id, cut_off_at, part),
  constraint file_ids_are_unique_in_a_day unique (bank_id, creation_date, modifier),
  constraint built_files_have_a_hash check (status in ('collecting', 'withdrawn') or sha256 is not null)
);
create index on ach_file (status) where status in ('collecting', 'built', 'sent');

-- Two people release a file, if the bank's settings ask for it.
create table ach_release (
  file_id      uuid not null references ach_file,
  released_by  text not null check (length(released_by) between 1 and 100),
  released_at  timestamptz not null,
  primary key (file_id, released_by)
);

-- A file's bytes, sealed, in pieces, in order.
create table ach_file_piece (
  file_id  uuid not null references ach_file,
  piece    int not null,
  sealed   text not null,
  primary key (file_id, piece)
);

create table ach_batch (
  id             uuid primary key,
  file_id        uuid not null references ach_file,
  number         int not null,
  merchant_id    uuid not null references merchant,
  sec_code       text not null,
  description    text not null,
  company_name   text not null,
  direction      text not null check (direction in ('debit', 'credit')),
  entries        int not null default 0,
  amount         bigint not null default 0,
  settled_on     date,
  constraint one_number_per_batch unique (file_id, number),
  constraint one_batch_per_header unique (file_id, merchant_id, sec_code, description, direction)
);

create table ach_entry (
  bank_id           text not null,
  trace_number      text not null check (trace_number ~ '^\d{15}$'),
  file_id           uuid not null references ach_file,
  batch_id          uuid not null references ach_batch,
  subject_kind      text not null check (subject_kind in ('payment', 'payout')),
  subject_id        uuid not null,
  presentment       int not null,
  amount            bigint not null check (amount > 0),
  direction         text not null check (direction in ('debit', 'credit')),
  transaction_code  int not null,
  routing_number    text not null check (routing_number ~ '^\d{9}$'),
  -- As it was when the entry was written, and what it was sealed for.
  number_sealed     text not null,
  number_context    text not null,
  receiver_name     text not null,
  individual_id     text not null,
  discretionary     text not null,
  addenda           text,
  effective_on      date not null,
  -- The file was refused or withdrawn: this entry never was sent.
  voided            boolean not null default false,
  constraint trace_numbers_are_unique_per_day primary key (bank_id, trace_number, effective_on)
);
create unique index no_entry_in_two_files on ach_entry (subject_id, presentment) where not voided;
create index on ach_entry (batch_id, trace_number);

-- What the bank has left for us. Stored whole before it is understood.
create table ach_inbound (
  id           uuid primary key,
  bank_id      text not null,
  name         text not null,
  sha256       text not null,
  bytes        bigint not null,
  received_at  timestamptz not null,
  kind         text check (kind in ('acknowledgment', 'settlement', 'returns', 'unknown')),
  -- stored: not yet read; read: its lines are written down; applied: nothing is left to do.
  status       text not null check (status in ('stored', 'read', 'applied')),
  reports      int not null default 0,
  -- Lines that an earlier file had told already.
  repeated     int not null default 0,
  constraint a_file_is_stored_once unique (bank_id, sha256)
);
create index on ach_inbound (status) where status <> 'applied';

create table ach_inbound_piece (
  inbound_id  uuid not null references ach_inbound,
  piece       int not null,
  sealed      text not null,
  primary key (inbound_id, piece)
);
create trigger never_deleted before delete on ach_inbound_piece
  for each row execute function refuse_change();

-- The same bytes delivered again, under whatever name.
create table ach_inbound_again (
  inbound_id   uuid not null references ach_inbound,
  name         text not null,
  received_at  timestamptz not null
);

-- One thing that a bank said, once, however often it was delivered. No account number is in it.
create table ach_report (
  id          uuid primary key,
  bank_id     text not null,
  inbound_id  uuid not null references ach_inbound,
  line        int not null,
  -- What makes it the same thing when it is said again.
  key         text not null,
  kind        text not null check (kind in ('acknowledged', 'settled', 'returned', 'corrected', 'dishonored',
                'contested')),
  told        jsonb not null,
  -- What a notification of change says, sealed: it may hold an account number.
  sealed      text,
  status      text not null check (status in ('new', 'applied', 'excepted')),
  -- Its first payments have been told; the rest follows without judging the totals again.
  begun       boolean not null default false,
  constraint a_thing_is_said_once unique (bank_id, key)
);
create index on ach_report (inbound_id, line) where status = 'new';

-- What did not fit and waits for a person. Its bytes are the lines of the file it came in, sealed.
create table rail_exception (
  id           uuid primary key,
  bank_id      text not null,
  inbound_id   uuid references ach_inbound,
  report_id    uuid references ach_report,
  line         int,
  reason       text not null,
  says         text not null,
  sealed       text,
  amount       bigint,
  raised_at    timestamptz not null,
  resolved_at  timestamptz,
  resolved_by  text,
  resolution   text,
  constraint resolved_exceptions_say_how check ((resolved_at is null) = (resolution is null)
    and (resolved_at is null) = (resolved_by is null))
);
create index on rail_exception (raised_at) where resolved_at is null;
create trigger never_deleted before delete on rail_exception
  for each row execute function refuse_change();

-- What notifications of change did to accounts, for ever.
create table account_correction (
  id            uuid primary key,
  account_id    uuid not null references account,
  report_id     uuid references ach_report,
  code          text not null,
  before_sealed text not null,
  after_sealed  text not null,
  corrected_at  timestamptz not null
);
create trigger append_only before update or delete on account_correction
  for each row execute function refuse_change();

-- What an operator should know about, until somebody has seen to it.
create table alert (
  id          uuid primary key,
  key         text not null unique,
  says        text not null,
  raised_at   timestamptz not null,
  cleared_at  timestamptz
);
create index on alert (raised_at) where cleared_at is null;
