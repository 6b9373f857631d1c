-- silver.ensure_partitions(rollup_id, ranges): creates the partitions of the target that the ranges need and that are
-- missing; returns how many. Nothing for a target that is not partitioned. A partition is made beside the table and then attached,
-- which blocks neither readers nor writers. There is no default partition: one that held rows would block the partition they belong to.
-- SECURITY DEFINER: a worker owns no target, and only an owner may attach a partition; each belongs to the target's owner.
-- Errors: 54000 above 1,000 partitions in one call, naming the remedy; 22023 for an infinite range.
-- Locks: SHARE UPDATE EXCLUSIVE on the target until commit, only when one is missing. Idempotent, safe from many sessions.
create or replace function silver.ensure_partitions(rollup_id integer, ranges tstzmultirange)
returns integer
language plpgsql strict security definer
set search_path = pg_catalog, pg_temp
set jit = off
set timezone = 'UTC'
as $$
declare
  r silver.timeseries_rollup_config;
  zone text;
  origin timestamptz;
  needed int8multirange;
  gap tstzrange;
  created integer := 0;
  missing tstzrange[];
  target_name name;
  schema_name name;
  partition_name text;
  owner name;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = ensure_partitions.rollup_id;
  if r.partition_interval is null or isempty(ranges) then
    return 0;
  end if;
  zone := r.bucket_time_zone;
  origin := silver.bucket_origin(r.partition_interval, zone);
  needed := silver.bucket_numbers(
    silver.widen_to_buckets(ranges, r.partition_interval, zone, origin), r.partition_interval, zone, origin);
  if (select sum(upper(n) - lower(n)) from unnest(needed) as n) > 1000 then
    raise exception '% would need more than 1,000 partitions of % for %', r.target_table, r.partition_interval, ranges
      using errcode = '54000', hint = 'Give the rollup a longer partition_interval.';
  end if;
  for attempt in 1..2 loop
    -- Where the interval was changed, partitions that are there may take parts of a new one: what is left of it is one gap or several.
    select array_agg(left_over order by left_over) into missing
    from (select coalesce(range_agg(tstzrange(b.lower_at, b.upper_at)), '{}') as taken from silver.partition_bounds(r.target_table) b) as there
    cross join unnest(needed) as n
    cross join generate_series(lower(n), upper(n) - 1) as i
    cross join unnest(tstzmultirange(tstzrange(silver.bucket_start(r.partition_interval, zone, origin, i),
      silver.bucket_start(r.partition_interval, zone, origin, i + 1))) - there.taken) as left_over;
    exit when missing is null or attempt = 2;
    execute format('lock table only %s in share update exclusive mode', r.target_table);
  end loop;

  select c.relname, n.nspname, pg_get_userbyid(c.relowner) into target_name, schema_name, owner
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace where c.oid = r.target_table;
  foreach gap in array coalesce(missing, '{}') loop
    partition_name := silver.short_name(target_name, to_char(lower(gap) at time zone zone, case
      when r.partition_interval >= interval '1 day' and (lower(gap) at time zone zone)::time = '00:00' then '"_p"YYYYMMDD' else '"_p"YYYYMMDD_HH24MISS' end));
    if to_regclass(format('%I.%I', schema_name, partition_name)) is not null then
      partition_name := silver.short_name(partition_name, '_' || r.rollup_id);
    end if;
    execute format('create table %I.%I (like %s including defaults including constraints including storage including compression) %s',
      schema_name, partition_name, r.target_table, silver.target_storage());
    if owner <> current_user then
      execute format('alter table %I.%I owner to %I', schema_name, partition_name, owner);
    end if;
    execute format('alter table %s attach partition %I.%I for values from (%L) to (%L)',
      r.target_table, schema_name, partition_name, lower(gap), upper(gap));
    created := created + 1;
  end loop;
  return created;
end
$$;

revoke all on function silver.ensure_partitions(integer, tstzmultirange) from public;
