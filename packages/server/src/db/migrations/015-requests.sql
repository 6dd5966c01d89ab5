-- What merchants' programs asked of the API, for their developers to see again: who called what, and how it went.
-- Never a token, a body or a query. Written some at a time a moment after the answers, and kept for a week of real
-- time. Losing some of it loses no money, so it refers to nothing.
create table api_request (
  merchant_id  uuid not null,
  -- Its place: whoever has read up to one has missed nothing before it.
  id           bigint generated always as identity,
  client_id    uuid not null,
  request_id   uuid not null,
  method       text not null,
  -- The address as the routes write it, and as it was.
  route        text not null,
  path         text not null,
  status       int not null,
  error_code   text,
  ms           int not null,
  at           timestamptz not null,
  user_agent   text check (length(user_agent) <= 200),
  primary key (merchant_id, id)
);
create index on api_request (merchant_id, request_id);
create index on api_request (at);
