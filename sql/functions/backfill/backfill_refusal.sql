-- silver.backfill_refusal(rollup_id, level, ...): why a part of a backfill, a row of silver.backfill_parts, is refused unless forced; null when it is not.
--   level  0: the rollup it is ordered for. Its descendants take what they are fed and keep: neither is a reason with them
-- Stable; takes no locks.
create or replace function silver.backfill_refusal(
  rollup_id integer, level integer, frozen tstzmultirange, expired tstzmultirange, unfed tstzmultirange)
returns text
language sql stable strict
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
as $$
  select case
    when not isempty(expired - kept.drops) then format('the source of %s has expired from %s to %s: computing that again would erase it',
      r.target_table, lower(expired - kept.drops), upper(expired - kept.drops))
    when not isempty(frozen) then format('buckets of %s from %s to %s are frozen', r.target_table, lower(frozen), upper(frozen))
    when level = 0 and not isempty(expired) then format('%s keeps %s only, and drops what is before %s',
      r.target_table, r.retention_period, upper(kept.drops))
    when level = 0 and not isempty(unfed) then format('%s, which %s reads, is not to cover %s to %s',
      r.source_table, r.target_table, lower(unfed), upper(unfed)) end
  from silver.timeseries_rollup_config r
  cross join lateral (select tstzmultirange(tstzrange(null, silver.expiry_bound(r.rollup_id))) as drops) as kept
  where r.rollup_id = backfill_refusal.rollup_id
$$;
