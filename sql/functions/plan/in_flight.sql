-- silver.in_flight(rollup_id): the ranges of the rollup's chunks, dead ones too. Stable; takes no locks.
create or replace function silver.in_flight(rollup_id integer)
returns tstzmultirange
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select coalesce(range_agg(c.ranges), '{}') from silver.timeseries_chunk c where c.rollup_id = in_flight.rollup_id);
end
$$;
