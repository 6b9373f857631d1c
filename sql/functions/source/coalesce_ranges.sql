-- silver.coalesce_ranges(ranges, most): the same set or a slightly larger one of at most `most` ranges: the narrowest gaps
-- are filled. Keeps one log row bounded however scattered a statement was. Few ranges are returned at once, for every late statement calls it
-- (as one SQL statement, planned anew each time, it was two thirds of what a late row cost). Immutable; takes no locks.
create or replace function silver.coalesce_ranges(ranges tstzmultirange, most integer)
returns tstzmultirange
language plpgsql immutable parallel safe strict
set search_path = pg_catalog, pg_temp
as $$
begin
  if (select count(*) from unnest(ranges)) <= most then
    return ranges;
  end if;
  return (
    with piece as (
      select r, lower(r) - lag(upper(r)) over (order by lower(r)) as gap from unnest(ranges) as r
    ), ranked as (
      select r, gap, row_number() over (order by gap desc nulls first) as wide from piece
    ), run as (
      select r, count(*) filter (where wide <= most) over (order by lower(r)) as run from ranked
    )
    select coalesce(range_agg(joined), '{}')
    from (select tstzrange(min(lower(r)), max(upper(r))) as joined from run group by run) as joined);
end
$$;
