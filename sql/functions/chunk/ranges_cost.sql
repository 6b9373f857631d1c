-- silver.ranges_cost(rollup_id, statement, ranges): the planner's cost of computing whole ranges, one by one, with the rollup's stored statement: of up to
-- three of them, by the buckets they hold, and for each range what it takes to plan it (1 to 3 ms: as much as 300 units of cost). No less than the rows
-- of a bucket, by the rollup's averages, say: 0.02 each, and 0.0025 for an aggregate, for what has just been filled has no statistics.
-- Locks: those of planning the statement.
create or replace function silver.ranges_cost(rollup_id integer, statement text, ranges tstzmultirange)
returns double precision
language plpgsql volatile strict
set search_path = pg_catalog, pg_temp
as $$
declare
  r silver.timeseries_rollup_config;
  piece tstzrange;
  starts timestamptz[];
  number bigint;
  seconds double precision;
  asked_seconds double precision := 0;
  cost double precision := 0;
  columns integer;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = ranges_cost.rollup_id;
  select count(*), sum(extract(epoch from upper(u) - lower(u))) into number, seconds from unnest(ranges) as u;
  for piece in
    select u.range from unnest(ranges) with ordinality as u (range, place)
    where u.place in (1, (number + 1) / 2, number) order by u.place
  loop
    if silver.bucket_kind(r.rollup_table_interval, r.bucket_time_zone) <> 'fixed' then
      starts := silver.bucket_starts(lower(piece), upper(piece), r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
    end if;
    cost := cost + silver.statement_cost(statement, lower(piece), upper(piece), starts);
    asked_seconds := asked_seconds + extract(epoch from upper(piece) - lower(piece));
  end loop;
  select count(*) into columns from silver.timeseries_rollup_column c where c.rollup_id = ranges_cost.rollup_id;
  return greatest(cost * seconds / asked_seconds, coalesce(r.avg_rows / nullif(r.avg_buckets, 0), 0) * silver.count_buckets(ranges, rollup_id) * (0.02 + 0.0025 * columns))
    + 300 * number;
end
$$;
