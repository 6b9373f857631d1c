-- Compares every bucket of `actual` with `expected`, both ways, column by column: averages within 1e-12 of each other, all else exactly.
-- A bucket that is there twice is counted as unexpected.
with joined as (
  select
    e.timestamp is null as is_unexpected,
    a.timestamp is null as is_missing,
    coalesce(e.timestamp, a.timestamp) as timestamp,
    coalesce(e.origin, a.origin) as origin,
    coalesce(e.destination, a.destination) as destination,
    e.row_count is distinct from a.row_count
      or e.min_delay is distinct from a.min_delay
      or e.max_delay is distinct from a.max_delay
      or e.sum_delay is distinct from a.sum_delay
      or e.count_delay is distinct from a.count_delay
      or e.min_distance is distinct from a.min_distance
      or e.max_distance is distinct from a.max_distance
      or e.sum_distance is distinct from a.sum_distance
      or e.count_distance is distinct from a.count_distance
      or not coalesce(abs(e.avg_delay - a.avg_delay) <= 1e-12 * greatest(abs(e.avg_delay), abs(a.avg_delay)), false)
      or not coalesce(abs(e.avg_distance - a.avg_distance) <= 1e-12 * greatest(abs(e.avg_distance), abs(a.avg_distance)), false)
      as is_different
  from expected as e
  full join actual as a
    on a.timestamp = e.timestamp and a.origin = e.origin and a.destination is not distinct from e.destination
)
select
  count(*) as buckets,
  count(*) filter (is_missing) as missing,
  count(*) filter (is_unexpected) + (count(*) filter (not is_missing) - count(distinct (timestamp, origin, destination)) filter (not is_missing)) as unexpected,
  count(*) filter (is_different and not is_missing and not is_unexpected) as different,
  coalesce(
    (arg_min(concat_ws(' ', timestamp, origin, destination), timestamp) filter (is_missing or is_unexpected or is_different)),
    '') as first_mismatch
from joined;
