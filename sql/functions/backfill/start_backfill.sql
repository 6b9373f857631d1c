-- silver.start_backfill(target_table_name, from_time, to_time, ...): orders a range of a rollup to be computed, below all live work; returns the order's number. Schedulers
-- and workers, or silver.run_rollups, carry it out in chunks; whoever of them is killed, the rest is still to be done. What the rollup was not to cover
-- it covers from now on, late rows and all; the watermark never moves by it. What was covered is computed again, and written where it differs.
-- Orders that overlap share what they overlap in. See silver.plan_backfill, which says what it would do, silver.timeseries_backfill_progress, which
-- says how far it is, and silver.cancel_backfill.
--   target_table_name  the rollup's target
--   from_time          begin of the range, rounded down to a bucket; null: the source's first row
--   to_time            end, exclusive, rounded up; null, and at the latest: what has fallen due
--   descendants        whether the rollups declared on its target, and theirs in turn, are computed too, each bucket after its parent's
--   direction          newest-first or oldest-first
--   priority           of several orders the highest goes first, -1000 to 1000
--   max_in_flight      at most so many of its chunks, per rollup, at once; null: as the rollup's max_in_flight
--   chunks_per_minute  at most so many chunks a minute are planned; null: no limit
--   force              frozen buckets too, and pass by what has expired: where the source's rows are gone the target is left as it is, and its
--                      descendants are computed from the finest level that still has rows
-- Errors: 42P01 no such table; 22023 not a target, a range that is empty or infinite, a bad direction or limit, nothing to compute; 55000 refused without force:
-- source expired, buckets frozen, dropped by retention, or read from a rollup that is not to cover it, naming the range and the remedy.
-- Locks: the progress rows of the rollups concerned. It sets no search_path, so that the target is found as the caller finds it.
create or replace function silver.start_backfill(
  target_table_name text, from_time timestamptz default null, to_time timestamptz default null,
  descendants boolean default true, direction text default 'newest-first', priority integer default 0,
  max_in_flight integer default null, chunks_per_minute double precision default null, force boolean default false)
returns bigint
language plpgsql
as $$
#variable_conflict use_variable
declare
  root silver.timeseries_rollup_config := silver.resolve_rollup('target_table_name', target_table_name);
  range tstzrange := silver.backfill_range(root.rollup_id, from_time, to_time);
  refused text;
  forced boolean := coalesce(force, false);
  deep boolean := coalesce(descendants, true);
  new_id bigint;
begin
  if direction is null or direction not in ('newest-first', 'oldest-first') then
    raise exception 'direction: % is neither newest-first nor oldest-first', coalesce(direction, 'null') using errcode = '22023';
  end if;
  if priority is null or priority not between -1000 and 1000 then
    raise exception 'priority: % is not between -1000 and 1000', coalesce(priority::text, 'null') using errcode = '22023';
  end if;
  if max_in_flight not between 1 and 10000 then
    raise exception 'max_in_flight: % is not between 1 and 10000', max_in_flight using errcode = '22023';
  end if;
  if not (chunks_per_minute > 0 and chunks_per_minute < 'infinity') then
    raise exception 'chunks_per_minute: % is no rate', chunks_per_minute using errcode = '22023',
      hint = 'Pass a number above 0, such as 30; or leave it out.';
  end if;

  perform from silver.timeseries_progress p
  where p.rollup_id in (select m.rollup_id from silver.backfill_rollups(root.rollup_id, deep) m) order by p.rollup_id for update;
  if not forced then
    select silver.backfill_refusal(p.rollup_id, m.level, p.frozen, p.expired, p.unfed) into refused
    from silver.backfill_parts(root.rollup_id, range, deep) p
    join silver.backfill_rollups(root.rollup_id, deep) m on m.rollup_id = p.rollup_id
    where silver.backfill_refusal(p.rollup_id, m.level, p.frozen, p.expired, p.unfed) is not null
    order by m.level, p.rollup_id limit 1;
    if refused is not null then
      raise exception '%', refused using errcode = '55000', hint = case
        when refused like '%is not to cover%' then format('Order it for %s, with its descendants.', root.source_table)
        else 'Begin later; or pass force => true: what has expired is passed by, descendants are computed from the finest level that '
          'still has rows, and frozen buckets are computed again.' end;
    end if;
  end if;

  insert into silver.timeseries_backfill as b (rollup_id, range, descendants, forced, direction, priority, max_in_flight, chunks_per_minute)
  values (root.rollup_id, range, deep, forced, start_backfill.direction, start_backfill.priority, start_backfill.max_in_flight,
    start_backfill.chunks_per_minute)
  returning b.backfill_id into new_id;
  insert into silver.timeseries_backfill_part (backfill_id, rollup_id, ranges, added, remaining, total_buckets)
  select new_id, p.rollup_id, p.ranges, p.added, p.ranges, (
    select sum(upper(n) - lower(n)) from unnest(silver.bucket_numbers(
      p.ranges, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin)) as n)
  from silver.backfill_parts(root.rollup_id, range, deep) p
  join silver.timeseries_rollup_config r on r.rollup_id = p.rollup_id
  where not isempty(p.ranges);
  if not found then
    raise exception 'nothing of % to % can be computed for %', lower(range), upper(range), root.target_table
      using errcode = '22023', hint = 'SELECT * FROM silver.plan_backfill(...) says what is skipped.';
  end if;
  update silver.timeseries_progress p set wanted = p.wanted + part.added
  from silver.timeseries_backfill_part part
  where part.backfill_id = new_id and p.rollup_id = part.rollup_id and not part.added <@ p.wanted;
  perform pg_notify('silver_wake', '');
  return new_id;
end
$$;
