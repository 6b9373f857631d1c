-- What `silver migrate` needs to know about a database, so that it can be run at any time by any number of processes.
-- Run first by every migrate, under its advisory lock; idempotent.

create schema if not exists silver;

create table if not exists silver.migration (
  name text primary key,
  sha256 text not null,
  applied_at timestamptz not null default clock_timestamp()
);

comment on table silver.migration is
  'Versioned migrations applied to this database. One that a program does not know makes that program refuse to start;
one whose text changed after it was applied makes migrate refuse: migrations are append-only.';

comment on column silver.migration.name is 'File name of the migration, without its extension.';
comment on column silver.migration.sha256 is 'Hash of its text when it was applied.';
comment on column silver.migration.applied_at is 'When that was.';

create table if not exists silver.applied_function (
  path text primary key,
  sha256 text not null,
  applied_at timestamptz not null default clock_timestamp()
);

comment on table silver.applied_function is
  'Function and view files as last applied; migrate applies those whose hash differs and drops those that vanished.';

comment on column silver.applied_function.path is 'Path of the file below sql/.';
comment on column silver.applied_function.sha256 is 'Hash of its text when it was applied last.';
comment on column silver.applied_function.applied_at is 'When that was.';

-- silver.drop_overloads(name): drops every function, procedure and aggregate silver.<name>, so that a changed file may
-- change its signature. True if all are gone. False, and nothing dropped, if something depends on one of them (a
-- trigger, a view, a default): then the file must keep its signature, and create or replace will say so if it does not.
create or replace function silver.drop_overloads(routine_name text)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  routine regprocedure;
begin
  for routine in
    select p.oid::regprocedure
    from pg_catalog.pg_proc p
    where p.pronamespace = 'silver'::regnamespace and p.proname = routine_name
  loop
    execute format('drop routine %s', routine);
  end loop;
  return true;
exception
  when dependent_objects_still_exist then
    return false;
end;
$$;

-- silver.note_applied(path, sha256): notes that a file was applied just now.
create or replace function silver.note_applied(path text, sha256 text)
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
  insert into silver.applied_function as a (path, sha256)
  values (note_applied.path, note_applied.sha256)
  on conflict on constraint applied_function_pkey
  do update set sha256 = excluded.sha256, applied_at = clock_timestamp();
$$;
