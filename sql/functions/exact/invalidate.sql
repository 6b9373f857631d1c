-- silver.invalidate(table_name, from_time, to_time, force): says by hand that source rows changed in [from_time, to_time); null is
-- without end. table_name: a target, then its own buckets become dirty; or a source, then those of all its rollups.
-- Frozen buckets, and those whose source is partly gone, are refused unless `force`: computing them again would erase history.
-- Returns the number of rollups dirtied; what was never covered is pending anyway. Errors: 42P01 no such table, 22023 a range that is
-- empty, a table that is neither, or frozen buckets; 55000 with force, when partitions left that no scheduler has noticed yet.
-- Locks: the progress rows.
-- It sets no search_path, so that table_name is found as the caller finds it; all else is qualified.
create or replace function silver.invalidate(
  table_name text, from_time timestamptz default null, to_time timestamptz default null, force boolean default false)
returns integer
language plpgsql
as $$
declare
  named regclass := silver.resolve_table('table_name', table_name);
  touched tstzmultirange;
  r silver.timeseries_rollup_config;
  final tstzmultirange;
  share tstzmultirange;
  dirtied integer := 0;
begin
  if from_time >= to_time then
    raise exception 'from_time, to_time: the range from % to % is empty', from_time, to_time
      using errcode = '22023', hint = 'to_time is exclusive and later than from_time.';
  end if;
  touched := tstzmultirange(tstzrange(from_time, to_time));
  if not exists (select from silver.timeseries_rollup_config c where named in (c.target_table, c.source_table)) then
    raise exception 'table_name: % is neither the source nor the target of a rollup', named
      using errcode = '22023', hint = 'SELECT source_table, target_table FROM silver.timeseries_rollup_config;';
  end if;
  perform from silver.timeseries_progress p
  where p.rollup_id in (select c.rollup_id from silver.timeseries_rollup_config c where named in (c.target_table, c.source_table))
  order by p.rollup_id for update;
  for r in
    select * from silver.timeseries_rollup_config c
    where case when exists (select from silver.timeseries_rollup_config t where t.target_table = named)
      then c.target_table = named else c.source_table = named end
    order by c.rollup_id
  loop
    select silver.widen_to_buckets(touched, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin)
        * (p.covered + silver.in_flight(r.rollup_id) * p.wanted),
      p.covered * tstzmultirange(tstzrange(null, p.frozen_until)) + silver.kept_buckets(r.rollup_id)
    into strict share, final from silver.timeseries_progress p where p.rollup_id = r.rollup_id;
    if share && final and not force then
      raise exception 'buckets of % are final, being frozen or with a part of their source gone: %', r.target_table, share * final
        using errcode = '22023', hint = 'Leave them out, or pass force => true if the source still holds all of their rows.';
    end if;
    if force and not isempty((select c.departed from silver.changed_members(r.source_id) c)) then
      raise exception 'partitions of % were detached or dropped and no scheduler has seen to it yet', r.source_table
        using errcode = '55000', hint = 'CALL silver.run_rollups(); or wait for a scheduler, and try again.';
    end if;
    update silver.timeseries_progress p set dirty = p.dirty + share, precise = p.precise - share, kept = p.kept - share
    where p.rollup_id = r.rollup_id and not (share <@ (p.dirty - p.precise) and isempty(share * p.kept));
    if found then
      dirtied := dirtied + 1;
    end if;
  end loop;
  perform pg_notify('silver_wake', '');
  return dirtied;
end
$$;
