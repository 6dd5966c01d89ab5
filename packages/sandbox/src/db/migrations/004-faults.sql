-- Faults somebody switched on through the control API. A bank looks here on each call.

create table fault (
  id          text primary key,
  bank        text not null,
  login       text,
  kind        text not null,
  resource    text,
  delay_ms    int check (delay_ms between 1 and 60000),
  -- How many calls it still spoils; null spoils every one until it is cleared.
  times_left  int check (times_left >= 0),
  created_at  timestamptz not null
);
create index on fault (bank, created_at);
