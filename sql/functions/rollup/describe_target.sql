-- silver.describe_target(rollup_id): comments the target and its columns: what each holds, and what the source's comment, or the description of
-- the dimension, says of it. The columns of a rollup of a rollup mean what its parent's do, so they have the same comments.
-- Idempotent. Errors: 42501 for whoever does not own the target. Locks: SHARE UPDATE EXCLUSIVE on the target.
create or replace function silver.describe_target(rollup_id integer)
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
set intervalstyle = 'postgres'
as $$
declare
  r silver.timeseries_rollup_config;
  src silver.timeseries_tracked_source;
  c silver.timeseries_rollup_column;
  said text;
begin
  select * into strict r from silver.timeseries_rollup_config q where q.rollup_id = describe_target.rollup_id;
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = r.source_id;
  said := obj_description(r.source_table, 'pg_class');
  execute format('comment on table %s is %L', r.target_table,
    format('%s by %s in %s, kept by Silver.', r.source_table, r.rollup_table_interval, r.bucket_time_zone) || coalesce(' ' || said, ''));
  for c in select * from silver.timeseries_rollup_column q where q.rollup_id = r.rollup_id order by q.position loop
    select col_description(a.attrelid, a.attnum) into said from pg_catalog.pg_attribute a
    where a.attrelid = src.source_table and not a.attisdropped and a.attname = coalesce(c.input_column,
      case src.kind when 'derived' then c.column_name else (silver.sibling_column(c, 'min')).input_column end);
    if c.role = 'dimension' then
      said := coalesce(said, (
        select d.description from silver.timeseries_dimension_config d
        where d.source_table = src.source_table and d.dimension_column = c.input_column));
    end if;
    if src.kind <> 'derived' or c.role in ('time', 'row_count') then
      said := case c.role
        when 'time' then 'Start of the bucket.'
        when 'row_count' then format('Rows of %s in the group.', src.source_table)
        when 'dimension' then coalesce(said, format('%I of %s.', c.metric, src.source_table))
        else format(case c.role
          when 'min' then 'Least %I.' when 'max' then 'Greatest %I.' when 'avg' then 'Average %I.' when 'sum' then 'Sum of %I.'
          when 'count' then 'Rows whose %I is not null.' when 'mode' then 'Most frequent %I.' when 'values' then 'How often each %I occurred.'
          when 'array' then 'Every %I, in order of time, at most 1,000.' when 'first' then 'First %I.' when 'first_time' then 'Time of the first %I.'
          when 'last' then 'Last %I.' when 'last_time' then 'Time of the last %I.' else '%I, no longer kept.' end, c.metric) || coalesce(' ' || said, '') end;
    end if;
    execute format('comment on column %s.%I is %L', r.target_table, c.column_name, said);
  end loop;
end
$$;
