-- Lanes are woken by many statements, all day: none of them has to look whether the job runner knows their task.
insert into graphile_worker._private_tasks (identifier) values ('deliver-events') on conflict do nothing;
