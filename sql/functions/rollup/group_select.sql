-- silver.group_select(rollup_id, source, source_rows): the SELECT that computes the target's rows of the range $1 to $2 from
-- `source` (SQL for a table or view), columns in the target's order; with `source_rows`, one more that counts the rows read.
-- The bucket is a bare date_bin() where buckets are of fixed length: it is the fastest PostgreSQL has; where they follow a calendar it is
-- looked up among the bucket starts $3. Stable; takes no locks.
create or replace function silver.group_select(rollup_id integer, source text, source_rows boolean)
returns text
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  r silver.timeseries_rollup_config;
  src silver.timeseries_tracked_source;
  time_type regtype;
  instant text;
  bucket text;
  items text;
  keys text;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = group_select.rollup_id;
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = r.source_id;
  select a.atttypid into strict time_type from pg_catalog.pg_attribute a
  where a.attrelid = src.source_table and a.attname = src.time_column and not a.attisdropped;
  instant := silver.time_expression('s.', src.time_column, time_type, src.time_zone);
  if silver.bucket_kind(r.rollup_table_interval, r.bucket_time_zone) = 'fixed' then
    bucket := format('date_bin(%L, %s, timestamptz %L)',
      make_interval(secs => extract(epoch from r.rollup_table_interval)::double precision), instant, r.bucket_origin);
  else
    bucket := format('($3::timestamptz[])[width_bucket(%s, $3::timestamptz[])]', instant);
  end if;
  select string_agg(format('%s as %I',
      case c.role
        when 'time' then bucket
        when 'dimension' then format('s.%I', c.input_column)
        else silver.aggregate_expression(r.rollup_id, c.role, c.metric) end,
      c.column_name), E',\n  ' order by c.position),
    string_agg(c.position::text, ', ' order by c.position) filter (where c.role in ('time', 'dimension'))
  into items, keys
  from silver.timeseries_rollup_column c where c.rollup_id = group_select.rollup_id;
  return format(E'select %s%s\nfrom %s as s\nwhere %s\ngroup by %s',
    items, case when source_rows then E',\n  count(*) as silver_source_rows' else '' end, source,
    silver.time_predicate('s.', src.time_column, time_type, src.time_zone, '$1::timestamptz', '$2::timestamptz'), keys);
end
$$;
