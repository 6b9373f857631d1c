-- silver.statement_cost(statement, lo, hi, starts, froms, tos, keys): the planner's cost of one of a rollup's stored statements with these parameters, under
-- the caller's settings. Computes nothing. PostgreSQL explains in a volatile function alone. Locks: those of planning the statement.
create or replace function silver.statement_cost(
  statement text, lo timestamptz, hi timestamptz, starts timestamptz[], froms timestamptz[] default null, tos timestamptz[] default null, keys jsonb[] default null)
returns double precision
language plpgsql volatile
set search_path = pg_catalog, pg_temp
as $$
declare
  plan json;
begin
  execute 'explain (format json) ' || statement into plan using lo, hi, starts, froms, tos, keys;
  return (plan -> 0 -> 'Plan' ->> 'Total Cost')::double precision;
end
$$;
