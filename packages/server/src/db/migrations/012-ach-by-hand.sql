-- What people do to a file: two release it, one takes it back.

alter table ach_file
  -- From here on the bank may have it, whatever became of the upload.
  add column offered_at         timestamptz,
  add column withdrawn_at       timestamptz,
  add column withdrawn_by       text check (length(withdrawn_by) between 1 and 100),
  add column withdrawn_because  text check (length(withdrawn_because) between 1 and 500),
  add constraint withdrawn_files_say_who_and_why check ((status = 'withdrawn') = (withdrawn_at is not null)
    and (withdrawn_at is null) = (withdrawn_by is null) and (withdrawn_at is null) = (withdrawn_because is null));

-- A name in other letters is the same person's.
create unique index nobody_releases_twice on ach_release (file_id, lower(released_by));
create trigger append_only before update or delete on ach_release
  for each row execute function refuse_change();

create function refuse_unreleased_files() returns trigger language plpgsql as $$
begin
  if (select count(*) from ach_release where file_id = new.id) < 2 then
    raise exception 'file % has not been released by two people', new.id using errcode = 'check_violation',
      constraint = 'two_people_release_a_file';
  end if;
  return new;
end $$;
create trigger two_people_release_a_file before update on ach_file
  for each row when (new.needs_release and new.offered_at is not null and old.offered_at is null)
  execute function refuse_unreleased_files();
