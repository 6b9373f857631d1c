-- silver.register_source(source, kind, time_column, time_zone, width): makes the table a tracked source, or makes the log of
-- one that already is fine enough for a rollup of this width; returns its source_id. kind: raw, derived or untracked.
-- Its triggers are created here, in the caller's transaction, so every transaction that writes after its commit is
-- tracked, and every one that wrote before has ended (the lock waited for it). Tables that are busy for five seconds are
-- left to the next tick, with a NOTICE: everything of the source counts as changed when the last of them has its triggers.
-- Locks: SHARE ROW EXCLUSIVE on each member of the table; the tracked_source row. Idempotent.
create or replace function silver.register_source(
  source regclass, kind text, time_column name, time_zone text, width interval)
returns integer
language plpgsql
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
  src silver.timeseries_tracked_source;
begin
  insert into silver.timeseries_tracked_source (source_table, kind, time_column, time_zone, horizon, log_unit)
  values (source, kind, time_column, time_zone,
    case when kind = 'derived' then 'infinity' else '-infinity' end::timestamptz, silver.log_unit(width))
  on conflict (source_table) do update
    set log_unit = least(timeseries_tracked_source.log_unit, excluded.log_unit)
  returning * into src;
  if src.time_column <> register_source.time_column then
    raise exception '% is already rolled up by its column %, not %', source, quote_ident(src.time_column), quote_ident(time_column)
      using errcode = '22023', hint = 'Every rollup of a source uses the same time column: leave time_column out.';
  end if;
  if src.kind <> 'untracked' then
    perform silver.compile_tracking(src.source_id);
    if silver.adopt_members(src.source_id, interval '5 seconds') then
      perform silver.adopt_source(src.source_id);
    else
      raise notice 'some tables of % are being written to: a scheduler, or CALL silver.run_rollups(), puts the tracking triggers on them', source
        using hint = 'Until then the live views of its rollups compute everything from it.';
    end if;
  end if;
  return src.source_id;
end
$$;
