-- silver.compare_rollup(rollup_id, within, sample): recomputes settled buckets from the source and returns every group that differs from
-- the target, with both rows as json (null: there is none). within: the time to look at; sample: at most so many buckets,
-- chosen at random; null looks at all. Frozen buckets, and those whose source is partly gone, are left out: they keep what they had.
-- STABLE, so that what is settled, the source and the target are all read in one snapshot, the caller's: a difference is
-- an error, never a race. Takes no locks but ACCESS SHARE.
create or replace function silver.compare_rollup(rollup_id integer, within tstzrange, sample integer)
returns table (bucket timestamptz, expected jsonb, stored jsonb)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set jit = off
set timezone = 'UTC'
set datestyle = 'ISO'
set intervalstyle = 'postgres'
set extra_float_digits = 1
set bytea_output = 'hex'
as $$
declare
  r silver.timeseries_rollup_config;
  p silver.timeseries_progress;
  statement text;
  settled tstzmultirange;
  piece tstzrange;
  starts timestamptz[];
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = compare_rollup.rollup_id;
  select * into strict p from silver.timeseries_progress q where q.rollup_id = r.rollup_id;
  select s.compare into strict statement from silver.timeseries_rollup_statement s where s.rollup_id = r.rollup_id;
  settled := silver.narrow_to_buckets(
    p.covered * tstzmultirange(within) * tstzmultirange(tstzrange(p.frozen_until, null)) 
      - silver.kept_buckets(r.rollup_id) - silver.unsettled(r.rollup_id),
    r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
  if sample is not null then
    select coalesce(range_agg(tstzrange(
        silver.bucket_start(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, i),
        silver.bucket_start(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, i + 1))), '{}')
    into settled
    from (
      select i
      from unnest(silver.bucket_numbers(settled, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin)) as n,
        generate_series(lower(n), upper(n) - 1) as i
      order by random() limit sample
    ) as chosen;
  end if;
  for piece in select unnest(settled) loop
    if silver.bucket_kind(r.rollup_table_interval, r.bucket_time_zone) <> 'fixed' then
      starts := silver.bucket_starts(lower(piece), upper(piece), r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
    end if;
    return query execute statement using lower(piece), upper(piece), starts;
  end loop;
end
$$;
