-- silver.console_audit(): the last 200 entries of silver.timeseries_audit, newest first, as one json array. Stable; takes no locks.
create or replace function silver.console_audit()
returns jsonb
language sql stable
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO'
as $$
  select coalesce(jsonb_agg(to_jsonb(a) - 'arguments' order by a.audit_id desc), '[]')
  from (select * from silver.timeseries_audit e order by e.audit_id desc limit 200) as a
$$;
