-- What the token server keeps: its signing keys (private parts sealed), the tokens that were revoked before their time,
-- and replay protection for client assertions. Access tokens themselves are signed, not stored.

create table signing_key (
  id               text primary key,
  sealed           text not null,
  public_jwk       jsonb not null,
  -- A key signs from its turn on, until the next key's turn.
  signs_from       timestamptz not null,
  -- Set when a later key takes over: the moment the last token it signed has expired.
  published_until  timestamptz
);

create table revoked_token (
  jti         text primary key,
  client_id   uuid not null,
  expires_at  timestamptz not null
);
create index on revoked_token (expires_at);

-- An assertion is good for one call on any process: the insert is the check.
create table used_assertion (
  client_id   uuid not null,
  -- A hash of the issuer and the assertion's jti, as the token server names it.
  jti         text not null,
  expires_at  timestamptz not null,
  primary key (client_id, jti)
);
create index on used_assertion (expires_at);
