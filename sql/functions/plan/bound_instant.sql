-- silver.bound_instant(bound, local, zone): one bound of a range partition, as pg_get_expr writes it with DateStyle ISO, as an instant;
-- local: a timestamp or date, read in zone. Null for MINVALUE, MAXVALUE and null. Bound to its names when created, so that the planner can
-- inline it: called hundreds of times a query. Stable; takes no locks.
create or replace function silver.bound_instant(bound text, local boolean, zone text)
returns timestamptz
language sql stable parallel safe
return case
  when bound in ('MINVALUE', 'MAXVALUE') then null
  when local then btrim(bound, '''')::timestamp at time zone zone
  else btrim(bound, '''')::timestamptz end;
