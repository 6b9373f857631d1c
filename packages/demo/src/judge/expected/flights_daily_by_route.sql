-- What public.flights_daily_by_route must hold, in DuckDB's words.
create or replace table expected as
select
  date_trunc('day', date) as timestamp,
  origin,
  destination,
  count(*) as row_count,
  min(delay) as min_delay,
  max(delay) as max_delay,
  avg(delay) as avg_delay,
  sum(delay) as sum_delay,
  count(delay) as count_delay,
  min(distance) as min_distance,
  max(distance) as max_distance,
  avg(distance) as avg_distance,
  sum(distance) as sum_distance,
  count(distance) as count_distance
from flights
group by 1, 2, 3;
