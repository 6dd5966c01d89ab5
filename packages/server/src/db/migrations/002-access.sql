-- What the token server keeps: its signing keys (private parts sealed), the tokens that were revoked before their time,
-- and replay protection for client assertions. Access tokens themselves are signed, not stored.

create table signing_key (
  id          text primary key,
  sealed      text not null,
  public_jwk  jsonb not null,
  -- A key signs from its turn on, and is published until every token it signed has expired.
  signs_from  timestamptz not null,
  retired_at  timestamptz
);

create table revoked_token (
  jti         text primary key,
  client_id   uuid not null,
  expires_at  timestamptz not null
);
create index on revoked_token (expires_at);

create table used_assertion (
  client_id   uuid not null,
  jti         text not null,
  expires_at  timestamptz not null,
  primary key (client_id, jti)
);
create index on used_assertion (expires_at);
