-- silver.take_buckets(runs, most, newest): at most so many buckets of the runs, the oldest or the newest, in at most 1,000 runs.
-- Immutable; takes no locks.
create or replace function silver.take_buckets(runs int8multirange, most bigint, newest boolean default false)
returns int8multirange
language sql immutable parallel safe strict
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(range_agg(case
    when newest then int8range(greatest(lower(r), upper(r) - (most - before)), upper(r))
    else int8range(lower(r), least(upper(r), lower(r) + (most - before))) end), '{}')
  from (
    select r, (sum(upper(r) - lower(r)) over ordered)::bigint - (upper(r) - lower(r)) as before, row_number() over ordered as place
    from unnest(runs) as r
    window ordered as (order by case when newest then -lower(r) else lower(r) end)
  ) as run
  where before < most and place <= 1000
$$;
