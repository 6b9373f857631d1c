-- silver.buckets_between(ranges, width, zone, origin): the buckets of the ranges, one row each; the ranges are whole
-- buckets and finite. SECURITY DEFINER, for the
-- live views call it, and their readers need no right on the schema silver. Immutable; takes no locks.
create or replace function silver.buckets_between(ranges tstzmultirange, width interval, zone text, origin timestamptz)
returns table (starts_at timestamptz, ends_at timestamptz)
language plpgsql immutable parallel safe security definer
rows 10
set search_path = pg_catalog, pg_temp
as $$
declare
  span interval;
begin
  if silver.bucket_kind(width, zone) = 'fixed' then
    span := make_interval(secs => extract(epoch from width)::double precision);
    return query
    select s, s + span from unnest(ranges) as r, generate_series(lower(r), upper(r) - interval '1 microsecond', span) as s;
  else
    return query
    select silver.bucket_start(width, zone, origin, i), silver.bucket_start(width, zone, origin, i + 1)
    from unnest(ranges) as r,
      generate_series(silver.bucket_index(width, zone, origin, lower(r)), silver.bucket_index(width, zone, origin, upper(r)) - 1) as i;
  end if;
end
$$;
