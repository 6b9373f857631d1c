-- silver.log_unit(width): the width of the bins in which changes are logged for a rollup of buckets this wide: the
-- bucket, at most a day, written in hours so that adding it is absolute. Immutable; takes no locks.
create or replace function silver.log_unit(width interval)
returns interval
language sql immutable parallel safe strict
set search_path = pg_catalog, pg_temp
as $$
  select case when width >= interval '1 day' then interval '24 hours'
    else make_interval(secs => extract(epoch from width)::double precision) end
$$;
