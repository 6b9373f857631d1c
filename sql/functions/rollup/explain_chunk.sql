-- silver.explain_chunk(rollup_id): the plan PostgreSQL makes for a real chunk of the rollup, under the settings it is computed with: of the last one
-- committed, else of the first bucket that is to be computed. Computes nothing. PostgreSQL explains in a volatile
-- function alone. A line says so where there is no plan: the caller may not write to the target, or the source changed shape.
-- Locks: those of planning the statement.
create or replace function silver.explain_chunk(rollup_id integer)
returns setof text
language plpgsql volatile strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO'
set intervalstyle = 'postgres'
set extra_float_digits = 1
set bytea_output = 'hex'
set jit = off
set enable_sort = off
set enable_material = off
set work_mem = '64MB'
as $$
declare
  r silver.timeseries_rollup_config;
  st silver.timeseries_rollup_statement;
  range tstzrange;
  starts timestamptz[];
  filled boolean;
  line text;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = explain_chunk.rollup_id;
  select * into strict st from silver.timeseries_rollup_statement s where s.rollup_id = explain_chunk.rollup_id;
  -- The longest range of it: what is long shows what the rest does.
  select u into range
  from unnest((
    select l.ranges from silver.timeseries_refresh_log l
    where l.rollup_id = r.rollup_id and l.rows_read > 0 order by l.refresh_id desc limit 1)) as u
  order by upper(u) - lower(u) desc limit 1;
  if range is null then
    range := tstzrange(r.start_from, silver.bucket_start(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin,
      silver.bucket_index(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, r.start_from) + 1));
  end if;
  if silver.bucket_kind(r.rollup_table_interval, r.bucket_time_zone) <> 'fixed' then
    starts := silver.bucket_starts(lower(range), upper(range), r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
  end if;
  perform set_config('work_mem', r.work_mem, true);
  execute format('select exists (select from %s where "timestamp" >= $1 and "timestamp" < $2)', r.target_table)
    into filled using lower(range), upper(range);
  return next format('plan of %s for %s', case when filled then 'refresh' else 'fill' end, range);
  begin
    for line in execute 'explain ' || case when filled then st.refresh else st.fill end using lower(range), upper(range), starts loop
      return next '  ' || line;
    end loop;
  exception when insufficient_privilege or undefined_column or undefined_table then
    return next '  none: ' || sqlerrm;
  end;
end
$$;
