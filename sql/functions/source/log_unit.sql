-- silver.log_unit(width): the width of the bins in which changes are logged for a rollup of buckets this wide: the bucket, at most an hour, for a
-- day begins at another hour in each zone: bins of a day in UTC would dirty two days of any other. Written in seconds, so that adding it
-- is absolute. Immutable; takes no locks.
create or replace function silver.log_unit(width interval)
returns interval
language sql immutable parallel safe strict
set search_path = pg_catalog, pg_temp
as $$
  select make_interval(secs => extract(epoch from least(width, interval '1 hour'))::double precision)
$$;
