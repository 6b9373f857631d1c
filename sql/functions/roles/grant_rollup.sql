-- silver.grant_rollup(rollup_id): lets Silver's roles, where they exist, at the tables of one rollup: a worker reads the source and writes the
-- target; a scheduler and an operator read both, one to size chunks, one to verify; a scheduler deletes from a target whose
-- retention has no partitions to drop. Called when a rollup is declared and by silver.grant_roles. A table whose owner is another is
-- passed by with a NOTICE that says what to grant. Idempotent. Locks: catalog rows.
create or replace function silver.grant_rollup(rollup_id integer)
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  one record;
begin
  for one in
    select need.role, need.relation, need.rights, n.oid as schema_id,
      format('grant %s on %s to %I', array_to_string(need.rights, ', '), need.relation, need.role) as command,
      format('grant usage on schema %I to %I', n.nspname, need.role) as way
    from silver.timeseries_rollup_config r
    join silver.timeseries_tracked_source s on s.source_id = r.source_id
    cross join lateral (values
      ('silver_worker', array['select'], s.source_table), ('silver_worker', array['select', 'insert', 'update', 'delete'], r.target_table),
      ('silver_scheduler', array['select'], s.source_table),
      ('silver_scheduler', case when r.retention_period is not null and r.partition_interval is null
        then array['select', 'delete'] else array['select'] end, r.target_table),
      ('silver_operator', array['select'], s.source_table), ('silver_operator', array['select'], r.target_table)) as need (role, rights, relation)
    join pg_catalog.pg_roles held on held.rolname = need.role
    join pg_catalog.pg_class k on k.oid = need.relation
    join pg_catalog.pg_namespace n on n.oid = k.relnamespace
    where r.rollup_id = grant_rollup.rollup_id
  loop
    begin
      if not has_schema_privilege(one.role, one.schema_id, 'usage') then
        execute one.way;
      end if;
      if exists (select from unnest(one.rights) as needed where not has_table_privilege(one.role, one.relation, needed)) then
        execute one.command;
      end if;
    exception when insufficient_privilege or undefined_object then
      null; -- Said below; undefined: the role was dropped this moment.
    end;
    -- Somebody who holds a right without being able to give it away hears a warning from GRANT, not an error.
    if to_regrole(one.role) is not null and (not has_schema_privilege(one.role, one.schema_id, 'usage')
      or exists (select from unnest(one.rights) as needed where not has_table_privilege(one.role, one.relation, needed)))
    then
      raise notice 'not granted, its owner must: %; %;', one.way, one.command;
    end if;
  end loop;
end
$$;
