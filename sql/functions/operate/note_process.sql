-- silver.note_process(process_name, version, host, pid, slots, running, cpu_cores, memory_bytes): keeps what a scheduler or worker tells of itself
-- (silver.timeseries_process), and removes what was last told an hour ago. slots, running: chunks it can run at once, and runs; null for a scheduler.
-- cpu_cores: cores it kept busy since it last said so; null the first time. Errors: 23502 for a null elsewhere, 23514 for what no process has. Locks: its row.
create or replace function silver.note_process(
  process_name text, version text, host text, pid integer, slots integer, running integer, cpu_cores double precision, memory_bytes bigint)
returns void
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
  delete from silver.timeseries_process p where p.seen_at < clock_timestamp() - interval '1 hour';
  insert into silver.timeseries_process as p (process_name, version, host, pid, slots, running, cpu_cores, memory_bytes)
  values (note_process.process_name, note_process.version, note_process.host, note_process.pid, note_process.slots, note_process.running,
    note_process.cpu_cores, note_process.memory_bytes)
  on conflict on constraint timeseries_process_pkey do update
  set version = excluded.version, host = excluded.host, pid = excluded.pid, slots = excluded.slots, running = excluded.running,
    cpu_cores = excluded.cpu_cores, memory_bytes = excluded.memory_bytes, seen_at = excluded.seen_at
$$;
