-- Telling the merchant. An event is written with the change that it tells of, and noted in event_unnumbered; a moment
-- after the commit it is given its place in the merchant's sequence. Places have no gaps, and follow the order in which
-- changes were written: of two events about one payment the later one always has the higher place. No change ever waits
-- for another merchant's, nor for another of the same merchant's, to get one.

-- Events are kept for a while and then dropped by the month in which they happened. What has no month of its own yet is
-- in event_other.
alter table event rename to event_before;
create table event (
  id             uuid not null,
  merchant_id    uuid not null references merchant,
  type           text not null,
  resource_type  text not null,
  resource_id    uuid not null,
  data           jsonb not null,
  request_id     text,
  happened_at    timestamptz not null,
  primary key (id, happened_at)
) partition by range (happened_at);
create table event_other partition of event default;
create index on event (merchant_id, id);
create index on event (resource_id, id);
create trigger append_only before update or delete on event
  for each row execute function refuse_change();

-- Those that have no place yet. Short: a row leaves when its event gets one.
create table event_unnumbered (
  position     bigint generated always as identity primary key,
  event_id     uuid not null,
  merchant_id  uuid not null,
  type         text not null,
  resource_id  uuid not null,
  happened_at  timestamptz not null
);

-- The last place given to a merchant's events.
create table event_counter (
  merchant_id  uuid primary key references merchant,
  last         bigint not null check (last > 0)
);

-- The place of each event, and how many events its resource had by then, itself among them.
create table event_sequence (
  merchant_id       uuid not null,
  sequence          bigint not null check (sequence > 0),
  event_id          uuid not null,
  type              text not null,
  resource_id       uuid not null,
  resource_version  int not null check (resource_version > 0),
  happened_at       timestamptz not null,
  primary key (merchant_id, sequence),
  constraint one_place_per_event unique (event_id),
  constraint one_version_per_change unique (resource_id, resource_version)
);
create index on event_sequence (happened_at);
create function refuse_other_place() returns trigger language plpgsql as
$$ begin raise exception 'the place of an event never changes'; end $$;
create trigger never_changed before update on event_sequence
  for each row execute function refuse_other_place();

insert into event select * from event_before;
insert into event_unnumbered (event_id, merchant_id, type, resource_id, happened_at)
  select id, merchant_id, type, resource_id, happened_at from event_before order by id;
drop table event_before;

-- Where a merchant wants to be told, and of what: everything, or categories and types; `except` was taken away again.
-- Up to `told_to` everything wanted has been tried at least once, or is a delivery that waits for its turn.
create table webhook_endpoint (
  id               uuid primary key,
  merchant_id      uuid not null references merchant,
  url              text not null check (length(url) between 1 and 2000),
  description      text check (length(description) <= 200),
  everything       boolean not null,
  categories       text[] not null,
  types            text[] not null,
  except_types     text[] not null,
  alert_email      text check (length(alert_email) <= 254),
  status           text not null check (status in ('enabled', 'disabled', 'ended')),
  -- Why it was disabled: by whom, or what the receiver did.
  disabled_why     text check (disabled_why in ('by_merchant', 'gone', 'failing')),
  told_to          bigint not null check (told_to >= 0),
  -- Failures one after another, and since when. With enough of them the endpoint is only probed, from probe_at on.
  failures         int not null default 0 check (failures >= 0),
  failing_since    timestamptz,
  probe_at         timestamptz,
  alerted_at       timestamptz,
  created_at       timestamptz not null,
  constraint disabled_endpoints_say_why check ((status = 'disabled') = (disabled_why is not null)),
  constraint failing_endpoints_say_since_when check ((failures > 0) = (failing_since is not null)),
  constraint only_failing_endpoints_are_probed check (probe_at is null or failures > 0)
);
create index on webhook_endpoint (merchant_id, id);

-- What an endpoint's deliveries are signed with, sealed. While one replaces another both sign.
create table webhook_secret (
  id           uuid primary key,
  endpoint_id  uuid not null references webhook_endpoint,
  sealed       text not null,
  created_at   timestamptz not null,
  expires_at   timestamptz
);
create unique index one_lasting_secret_per_endpoint on webhook_secret (endpoint_id) where expires_at is null;

-- An event told to an endpoint, or to be told again. Its place and its endpoint name it.
create table webhook_delivery (
  endpoint_id  uuid not null references webhook_endpoint,
  sequence     bigint not null,
  happened_at  timestamptz not null,
  id           uuid not null,
  event_id     uuid not null,
  type         text not null,
  status       text not null check (status in ('waiting', 'delivered', 'failed')),
  -- Attempts of its schedule, which begins again when a person resends it.
  tries        int not null check (tries >= 0),
  attempts     int not null check (attempts >= 0),
  due_at       timestamptz,
  created_at   timestamptz not null,
  done_at      timestamptz,
  primary key (endpoint_id, sequence, happened_at),
  constraint waiting_deliveries_are_due check ((status = 'waiting') = (due_at is not null)),
  constraint finished_deliveries_say_when check ((status = 'waiting') = (done_at is null))
) partition by range (happened_at);
create table webhook_delivery_other partition of webhook_delivery default;
create index on webhook_delivery (endpoint_id, due_at, sequence) where status = 'waiting';
create index on webhook_delivery (endpoint_id, sequence) where status = 'failed';
create index on webhook_delivery (event_id);
create index on webhook_delivery (id);

-- What came of each call. Never changed.
create table webhook_attempt (
  delivery_id    uuid not null,
  number         int not null check (number > 0),
  happened_at    timestamptz not null,
  endpoint_id    uuid not null,
  at             timestamptz not null,
  took_ms        int not null check (took_ms >= 0),
  outcome        text not null,
  http_status    int,
  says           text check (length(says) <= 500),
  response_body  text check (length(response_body) <= 4096),
  primary key (delivery_id, number, happened_at)
) partition by range (happened_at);
create table webhook_attempt_other partition of webhook_attempt default;
create index on webhook_attempt (endpoint_id, at);

-- A stretch of the sequence that is to be told to an endpoint again; `next` moves until it is beyond `last`.
create table webhook_replay (
  id           uuid primary key,
  endpoint_id  uuid not null references webhook_endpoint,
  first        bigint not null check (first > 0),
  last         bigint not null check (last >= first),
  next         bigint not null check (next >= first),
  created_at   timestamptz not null
);
create index on webhook_replay (endpoint_id, id) where next <= last;

-- What a correction says may be sealed with another key; nothing else of it ever changes.
create function refuse_all_but_sealing() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (new.id, new.account_id, new.report_id, new.code, new.corrected_at)
    is distinct from (old.id, old.account_id, old.report_id, old.code, old.corrected_at) then
    raise exception '% is append-only', tg_table_name;
  end if;
  return new;
end $$;
drop trigger append_only on account_correction;
create trigger append_only before update or delete on account_correction
  for each row execute function refuse_all_but_sealing();
