-- silver.carry_over(rollup_id): lets those read the target and its live view who may read the table the rollup was declared on, and gives the target to
-- that table's owner. SELECT alone is carried over, for nobody but Silver writes to a target. Who may read single columns of the table may read what is
-- computed from these, and row_count, which they could count themselves. The owner stays who created it, with a NOTICE, where the caller, or Silver's
-- owner who makes the partitions, may not act for the source's.
-- Idempotent. Locks: those of GRANT and ALTER TABLE OWNER on the target.
create or replace function silver.carry_over(rollup_id integer)
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  r silver.timeseries_rollup_config;
  live text;
  one record;
  source_owner name;
  silver_owner oid := (select n.nspowner from pg_catalog.pg_namespace n where n.nspname = 'silver');
begin
  select * into strict r from silver.timeseries_rollup_config q where q.rollup_id = carry_over.rollup_id;
  live := case when to_regclass(silver.live_name(r.target_table)) is not null then ', ' || silver.live_name(r.target_table) else '' end;
  select pg_get_userbyid(k.relowner) into strict source_owner from pg_catalog.pg_class k where k.oid = r.source_table;
  for one in
    select distinct case when g.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end as grantee, g.is_grantable
    from pg_catalog.pg_class k
    cross join lateral aclexplode(coalesce(k.relacl, acldefault('r', k.relowner))) g
    where k.oid = r.source_table and g.privilege_type = 'SELECT'
  loop
    execute format('grant select on %s%s to %s%s', r.target_table, live, one.grantee,
      case when one.is_grantable and one.grantee not in ('public', quote_ident(source_owner)) then ' with grant option' else '' end);
  end loop;

  -- A child's columns have the names of its parent's; a raw column's are found by what they are computed from (an average: its sum).
  for one in
    select case when g.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end as grantee, g.is_grantable,
      string_agg(distinct quote_ident(c.column_name), ', ') as columns
    from pg_catalog.pg_attribute a
    cross join lateral aclexplode(a.attacl) g
    join silver.timeseries_rollup_column c on c.rollup_id = r.rollup_id and case
      when exists (select from silver.timeseries_rollup_config p where p.target_table = r.source_table) then c.column_name = a.attname
      else c.role = 'row_count' or c.input_column = a.attname or exists (
        select from silver.timeseries_rollup_column i
        where i.rollup_id = c.rollup_id and i.metric = c.metric and i.input_column = a.attname) end
    where a.attrelid = r.source_table and a.attnum > 0 and not a.attisdropped and g.privilege_type = 'SELECT'
    group by 1, 2
  loop
    execute format('grant select (%s) on %s%s to %s%s', one.columns, r.target_table, live, one.grantee,
      case when one.is_grantable and one.grantee not in ('public', quote_ident(source_owner)) then ' with grant option' else '' end);
  end loop;

  if source_owner = (select pg_get_userbyid(k.relowner) from pg_catalog.pg_class k where k.oid = r.target_table) then
    return;
  end if;
  if not pg_has_role(silver_owner, source_owner, 'member') then
    raise notice '% stays with %: Silver''s owner may not act for %, who owns the source', r.target_table, current_user, source_owner
      using hint = format('GRANT %I TO %I; lets it.', source_owner, pg_get_userbyid(silver_owner));
    return;
  end if;
  begin
    -- Whoever owns the live view goes on reading the table beneath it.
    execute format('grant select, insert, update, delete on %s to %I', r.target_table, current_user);
    execute format('alter table %s owner to %I', r.target_table, source_owner);
  exception when insufficient_privilege then
    raise notice '% stays with %: %', r.target_table, current_user, sqlerrm;
  end;
end
$$;
