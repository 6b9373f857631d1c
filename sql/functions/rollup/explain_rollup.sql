-- silver.explain_rollup(target_table_name): a rollup, for people: what it reads and how its buckets lie; every column with how it is computed, how
-- exact it is and whether coarser levels compose from it; the stored statements; how late changes are computed (silver.explain_late); and the plan PostgreSQL makes for a chunk as they come: the last
-- one committed, or the next one there is to compute. Returns lines. Computes nothing.
-- Errors: 42P01 no such table; 22023 not a target. Locks: those of planning the statement.
-- It sets no search_path, so that the target is found as the caller finds it.
create or replace function silver.explain_rollup(target_table_name text)
returns setof text
language plpgsql volatile
set timezone = 'UTC'
set datestyle = 'ISO'
set intervalstyle = 'postgres'
as $$
declare
  r silver.timeseries_rollup_config := silver.resolve_rollup('target_table_name', target_table_name);
  src silver.timeseries_tracked_source;
  st silver.timeseries_rollup_statement;
  part text;
begin
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = r.source_id;
  select * into strict st from silver.timeseries_rollup_statement s where s.rollup_id = r.rollup_id;
  return next format('%s: %s by %s in %s, from %s on', r.target_table, src.source_table, r.rollup_table_interval, r.bucket_time_zone, r.start_from);
  if src.source_table <> r.source_table then
    return next format('declared on %s, from which not every column composes', r.source_table);
  end if;
  return next format('time: %s; mode: %s; a bucket falls due %s after its end', quote_ident(src.time_column) || coalesce(' in ' || src.time_zone, ''),
    r.mode, r.safety_buffer);
  if st.shape <> silver.shape_of(r.rollup_id) then
    return next format('the source changed shape since: SELECT * FROM silver.sync_rollup(%L);', r.target_table::text);
  end if;
  return next '';
  return next 'columns';
  return query
  select format('  %s: %s; %s; %s%s', rpad(quote_ident(c.column_name), max(length(quote_ident(c.column_name))) over ()),
    e.meaning, e.exactness, e.composition, '; filled from ' || c.filled_from)
  from silver.timeseries_rollup_column c cross join lateral silver.explain_column(c) e
  where c.rollup_id = r.rollup_id order by c.position;
  foreach part in array array['fill, where the target is empty', 'refresh, where it is not: writes only what differs'] loop
    return next '';
    return next part;
    return query select '  ' || line from regexp_split_to_table(case when part like 'fill%' then st.fill else st.refresh end, E'\n') as line;
  end loop;
  return next '';
  return query select * from silver.explain_late(r.rollup_id);
  return next '';
  return query select * from silver.explain_chunk(r.rollup_id);
end
$$;
