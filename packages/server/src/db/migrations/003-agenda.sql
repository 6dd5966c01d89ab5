-- The agenda: what is due at a moment of house time. A ticker hands due rows to the job runner.
-- The same key reminds once.

create table agenda (
  key      text primary key,
  due_at   timestamptz not null,
  task     text not null,
  payload  jsonb not null
);
create index on agenda (due_at);

-- The outbox: what happened, written in the transaction in which it happened, told to the merchant later.
create table event (
  id                uuid primary key,
  merchant_id       uuid not null references merchant,
  type              text not null,
  resource_type     text not null,
  resource_id       uuid not null,
  data              jsonb not null,
  request_id        text,
  happened_at       timestamptz not null
);
create index on event (merchant_id, id);
create index on event (resource_id, id);

create function refuse_change() returns trigger language plpgsql as
$$ begin raise exception '% is append-only', tg_table_name; end $$;

create trigger append_only before update or delete on event
  for each row execute function refuse_change();

-- Which workers are alive. A process writes its row every few seconds of real time.
create table worker_seen (
  id       uuid primary key,
  seen_at  timestamptz not null
);
