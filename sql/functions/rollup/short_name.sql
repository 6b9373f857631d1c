-- silver.short_name(base, suffix): a name of at most 63 bytes: base and suffix, or where that is too long the begin of the base, a hash of it, and
-- the suffix, so that two long names stay apart. Immutable; takes no locks.
create or replace function silver.short_name(base text, suffix text)
returns text
language sql immutable parallel safe strict
set search_path = pg_catalog, pg_temp
as $$
  select case when octet_length(base || suffix) <= 63 then base || suffix
    else (
      select left(base, n) || '_' || left(md5(base), 8) || suffix
      from generate_series(length(base), 0, -1) as n
      where octet_length(left(base, n)) <= 63 - 9 - octet_length(suffix)
      order by n desc limit 1) end
$$;
