-- silver.bucket_numbers(ranges, width, zone, origin): aligned, finite ranges as runs of bucket numbers.
-- Errors: 22023 when a bound is infinite or no bucket boundary, naming it. The inverse is silver.bucket_ranges.
-- Immutable; takes no locks.
create or replace function silver.bucket_numbers(ranges tstzmultirange, width interval, zone text, origin timestamptz)
returns int8multirange
language plpgsql immutable parallel safe strict
set search_path = pg_catalog, pg_temp
as $$
declare
  result int8multirange := '{}';
  r tstzrange;
  lo bigint;
  hi bigint;
begin
  for r in select unnest(ranges) loop
    if lower_inf(r) or upper_inf(r) or not isfinite(lower(r)) or not isfinite(upper(r)) then
      raise exception 'the range % has no end', r using errcode = '22023';
    end if;
    lo := silver.bucket_index(width, zone, origin, lower(r));
    hi := silver.bucket_index(width, zone, origin, upper(r));
    if silver.bucket_start(width, zone, origin, lo) <> lower(r) or silver.bucket_start(width, zone, origin, hi) <> upper(r) then
      raise exception 'the range % is not whole buckets of %', r, width using errcode = '22023';
    end if;
    result := result + int8multirange(int8range(lo, hi));
  end loop;
  return result;
end
$$;
