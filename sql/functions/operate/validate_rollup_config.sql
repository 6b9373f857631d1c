-- silver.validate_rollup_config(): looks for what is wrong, or will be, in the settings and tables of every rollup: one row a finding, worst
-- first; no row when all is well. Changes nothing.
--   severity     error: it does not work, or not as declared; warning: it works, and will not always; info: worth knowing
--   target_table  the target concerned; null for a finding about no rollup
--   code         names the kind of finding, for programs
--   message      what was found
--   remedy       what to do about it, as SQL where it is SQL
-- The checks: silver.check_tables (missing tables, keys, partitions), silver.check_columns (missing, changed, narrowed), silver.check_source (index,
-- triggers, members, log), silver.check_settings (intervals, cycles, dimensions) and silver.check_state (dead chunks, held seals, pauses).
-- One that fails is a finding itself, so one broken rollup hides no other. Stable; locks: ACCESS SHARE on catalogs.
create or replace function silver.validate_rollup_config()
returns table (severity text, target_table text, code text, message text, remedy text)
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  r silver.timeseries_rollup_config;
  findings jsonb[] := '{}';
  checker text;
  found jsonb;
begin
  for r in select * from silver.timeseries_rollup_config c order by c.rollup_id loop
    foreach checker in array array['check_tables', 'check_columns', 'check_source', 'check_settings', 'check_state'] loop
      begin
        execute format('select jsonb_agg(jsonb_build_object(
          ''severity'', f.severity, ''target'', $2, ''code'', f.code, ''message'', f.message, ''remedy'', f.remedy)) from silver.%I($1) f', checker)
          into found using r.rollup_id, r.target_table::text;
        findings := array_append(findings, found);
      exception when others then
        findings := array_append(findings, jsonb_build_array(jsonb_build_object('severity', 'error', 'target', r.target_table::text,
          'code', 'check_failed', 'message', format('silver.%s failed: %s', checker, sqlerrm),
          'remedy', 'Mend what the other findings name, and validate again.')));
      end;
    end loop;
  end loop;
  return query
  select f.severity, f.target, f.code, f.message, f.remedy
  from (
    select x.severity, x.target, x.code, x.message, x.remedy
    from unnest(findings) as checked (rows) cross join lateral jsonb_to_recordset(checked.rows) as x (severity text, target text, code text, message text, remedy text)
    union all
    select d.severity, null, d.code, d.message, d.remedy from silver.check_dimensions() d
  ) as f
  order by array_position(array['error', 'warning', 'info'], f.severity), f.target nulls last, f.code, f.message;
end
$$;
