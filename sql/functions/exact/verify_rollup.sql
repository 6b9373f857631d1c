-- silver.verify_rollup(target_table_name, from_time, to_time, sample, repair): compares settled buckets of a target with its source (see
-- silver.compare_rollup) and returns each group that differs, with both values. With `repair` the differing buckets become dirty and are
-- computed again. Errors: 42P01 no such table, 22023 not a target, a range that is empty, a sample below 1.
-- Locks: the progress row, with repair. It sets no search_path, so that the target is found as the caller finds it.
create or replace function silver.verify_rollup(
  target_table_name text, from_time timestamptz default null, to_time timestamptz default null,
  sample integer default null, repair boolean default false)
returns table (bucket timestamptz, expected jsonb, stored jsonb)
language plpgsql
as $$
#variable_conflict use_column
declare
  target regclass := silver.resolve_table('target_table_name', target_table_name);
  r silver.timeseries_rollup_config;
  wrong tstzmultirange := '{}';
begin
  if from_time >= to_time then
    raise exception 'from_time, to_time: the range from % to % is empty', from_time, to_time
      using errcode = '22023', hint = 'to_time is exclusive and later than from_time.';
  end if;
  if sample < 1 then
    raise exception 'sample: % is no number of buckets', sample using errcode = '22023', hint = 'Pass 1 or more, or null for all.';
  end if;
  select * into r from silver.timeseries_rollup_config c where c.target_table = target;
  if r.rollup_id is null then
    raise exception 'target_table_name: % is not the target of a rollup', target
      using errcode = '22023', hint = 'SELECT target_table FROM silver.timeseries_rollup_config;';
  end if;
  for bucket, expected, stored in
    select c.bucket, c.expected, c.stored from silver.compare_rollup(r.rollup_id, tstzrange(from_time, to_time), sample) c order by c.bucket
  loop
    wrong := wrong + tstzmultirange(tstzrange(bucket, bucket + interval '1 microsecond'));
    return next;
  end loop;
  if repair and not isempty(wrong) then
    perform from silver.timeseries_progress p where p.rollup_id = r.rollup_id for update;
    wrong := silver.widen_to_buckets(wrong, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
    update silver.timeseries_progress p set dirty = p.dirty + p.covered * wrong, precise = p.precise - wrong
    where p.rollup_id = r.rollup_id;
    perform pg_notify('silver_wake', '');
  end if;
end
$$;
