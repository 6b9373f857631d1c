-- silver.target_holds(rollup_id, ranges): those of the ranges in which the target holds a row. Stable; locks ACCESS SHARE on the target.
create or replace function silver.target_holds(rollup_id integer, ranges tstzmultirange)
returns tstzmultirange
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  target regclass;
  range tstzrange;
  holds boolean;
  result tstzmultirange := '{}';
begin
  select r.target_table into strict target from silver.timeseries_rollup_config r where r.rollup_id = target_holds.rollup_id;
  for range in select unnest(ranges) loop
    execute format('select exists (select from %s where "timestamp" >= $1 and "timestamp" < $2)', target)
      into holds using coalesce(lower(range), '-infinity'), coalesce(upper(range), 'infinity');
    if holds then
      result := result + tstzmultirange(range);
    end if;
  end loop;
  return result;
end
$$;
