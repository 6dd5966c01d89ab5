-- The clock of the pretend world, which can be turned forward and made to stand.
--
-- While it runs it shows the machine's time and an offset; while it stands, one instant.

create table world_clock (
  only_one     boolean primary key default true check (only_one),
  offset_ms    bigint not null,
  standing_at  timestamptz
);
insert into world_clock (offset_ms) values (0);
