-- silver.sync_hierarchy(top_id, fill_from, exclude): silver.sync_rollup for a rollup, and then for those declared on its target, parents first.
-- Locks and errors: see there.
create or replace function silver.sync_hierarchy(top_id integer, fill_from timestamptz, exclude text[])
returns table (target_table regclass, change text, column_name text, detail text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  r silver.timeseries_rollup_config;
  below integer;
  unknown text;
  live_grants text[];
  live_grant text;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = top_id;
  perform silver.lock_rollup(r.rollup_id);
  select string_agg(quote_ident(e), ', ') into unknown
  from unnest(exclude) e
  where e <> all (r.excluded_columns::text[]) and not exists (
      select from silver.timeseries_rollup_column c where c.rollup_id = r.rollup_id and c.role <> 'dimension' and c.metric = e)
    and not exists (select from silver.added_columns(r.rollup_id) a where a = e);
  if unknown is not null then
    raise exception 'exclude: % of % is no column that could be left out', unknown, r.source_table
      using errcode = '42703', hint = 'Name columns that are no dimension, as they are stored, without quotes.';
  end if;
  update silver.timeseries_rollup_config c
  set excluded_columns = array(select distinct x from unnest(c.excluded_columns || exclude::name[]) x order by x)
  where c.rollup_id = r.rollup_id;

  perform silver.sync_time_column(r.source_id);
  perform silver.check_dimensions_there(r.rollup_id);
  -- A live view that has to be made anew keeps its readers.
  live_grants := array(
    select format('grant %s on %s to %s%s', g.privilege_type, silver.live_name(r.target_table),
      case when g.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end, case when g.is_grantable then ' with grant option' else '' end)
    from pg_catalog.pg_class k cross join lateral aclexplode(k.relacl) g
    where k.oid = to_regclass(silver.live_name(r.target_table)) and g.grantee <> k.relowner
    union all
    select format('grant %s (%I) on %s to %s%s', g.privilege_type, a.attname, silver.live_name(r.target_table),
      case when g.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(g.grantee)) end, case when g.is_grantable then ' with grant option' else '' end)
    from pg_catalog.pg_attribute a cross join lateral aclexplode(a.attacl) g
    where a.attrelid = to_regclass(silver.live_name(r.target_table)) and a.attnum > 0);
  return query select r.target_table, s.change, s.column_name, s.detail from silver.sync_columns(r.rollup_id, fill_from) s;
  perform silver.compile_rollup(r.rollup_id);
  -- Which groups changed was written down by what the columns were: their buckets are computed whole.
  update silver.timeseries_progress p set precise = '{}' where p.rollup_id = r.rollup_id;
  update silver.timeseries_chunk c set precise = '{}' where c.rollup_id = r.rollup_id;
  if exists (select from silver.timeseries_tracked_source s where s.source_id = r.source_id and s.kind <> 'untracked') then
    perform silver.compile_tracking(r.source_id);
  end if;
  perform silver.compile_live(r.rollup_id);
  foreach live_grant in array live_grants loop
    execute live_grant;
  end loop;
  perform silver.describe_target(r.rollup_id);
  perform silver.carry_over(r.rollup_id);
  -- Whatever failed for what is mended now is tried again at once.
  perform silver.retry_chunk(c.chunk_id) from silver.timeseries_chunk c where c.rollup_id = r.rollup_id and c.state in ('dead', 'retrying');
  for below in select c.rollup_id from silver.timeseries_rollup_config c where c.source_table = r.target_table order by c.rollup_id loop
    return query select * from silver.sync_hierarchy(below, fill_from, '{}');
  end loop;
end
$$;
