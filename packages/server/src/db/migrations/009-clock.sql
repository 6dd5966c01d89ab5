-- House time, where it may be turned. One row: either the clock stands at an instant, or it runs, so much ahead of real
-- time. Production never writes here, and refuses to start on a database whose clock was turned.

create table house_clock (
  id            boolean primary key default true,
  offset_ms     bigint not null default 0,
  standing_at   timestamptz,
  -- Under way: the clock is being advanced. Whoever does it holds an advisory lock; a row without the lock was left
  -- behind by a process that died, and the clock runs on from where it stands.
  advance_from  timestamptz,
  advance_to    timestamptz,
  -- Counted up with every change, so that old news of the clock is told from new.
  turn          bigint not null default 0,
  constraint there_is_one_clock check (id),
  constraint the_clock_stands_while_it_is_advanced check (advance_to is null or standing_at is not null),
  constraint an_advance_has_both_ends check ((advance_from is null) = (advance_to is null))
);
insert into house_clock default values;

-- What was recorded at a later time must never lie in the future again. The clocks of two machines may differ by a
-- minute.
create function refuse_turning_back() returns trigger language plpgsql as $$
declare
  before timestamptz := coalesce(old.standing_at, clock_timestamp() + old.offset_ms * interval '1 millisecond');
  after timestamptz := coalesce(new.standing_at, clock_timestamp() + new.offset_ms * interval '1 millisecond');
begin
  if after < before - interval '1 minute' or (old.standing_at > new.standing_at) then
    raise exception 'the clock never turns back' using errcode = 'check_violation', constraint = 'never_turned_back';
  end if;
  return new;
end $$;
create trigger never_turned_back before update on house_clock for each row execute function refuse_turning_back();

create function refuse_removing_the_clock() returns trigger language plpgsql as
$$ begin raise exception 'the clock is never removed'; end $$;
create trigger never_removed before delete on house_clock
  for each row execute function refuse_removing_the_clock();

-- By which name a worker holds its jobs, so that those of a worker that died are taken up by another within a minute.
alter table worker_seen add column pool text;
