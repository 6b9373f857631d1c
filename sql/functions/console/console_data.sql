-- silver.console_data(rollup_id, column_name, from_time, to_time, filter): one column of a rollup's live view over [from_time, to_time), a value a bucket (an instant as json has it), all groups
-- of a bucket put together as the column's role says: sums, counts and the row count added, smallest min, largest max, avg as sum by count.
-- filter: {"dimension": "value" or null, …}, values by their text. live: whether the bucket is computed from the source because the target is not settled there.
-- At most 5,000 buckets. Errors: P0002 for an unknown rollup; 22023 for a column that is no number or no column, a dimension that is none, a range that is
-- empty or too long; 42501 where the caller may not read the live view. Stable; runs with the caller's rights; locks ACCESS SHARE on the view's tables.
create or replace function silver.console_data(
  rollup_id integer, column_name text, from_time timestamptz, to_time timestamptz, filter jsonb default '{}')
returns table (bucket text, value double precision, live boolean)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set jit = off
as $$
#variable_conflict use_column
declare
  r silver.timeseries_rollup_config;
  c silver.timeseries_rollup_column;
  folded text;
  conditions text := '';
  dimension record;
begin
  select * into strict r from silver.timeseries_rollup_config q where q.rollup_id = console_data.rollup_id;
  select * into c from silver.timeseries_rollup_column q where q.rollup_id = r.rollup_id and q.column_name = console_data.column_name;
  folded := case c.role when 'row_count' then 'sum(t.%1$I)' when 'count' then 'sum(t.%1$I)' when 'sum' then 'sum(t.%1$I)'
    when 'min' then 'min(t.%1$I)' when 'max' then 'max(t.%1$I)' when 'avg' then 'sum(t.%2$I) / nullif(sum(t.%3$I), 0)' end;
  if folded is null or c.column_type::regtype in ('interval'::regtype) then
    raise exception 'column_name: % of % is no number', column_name, r.target_table
      using errcode = '22023', hint = 'Choose row_count, or a min, max, avg, sum or count column.';
  end if;
  if not coalesce(from_time < to_time, false) then
    raise exception 'from_time, to_time: the range from % to % is empty', from_time, to_time using errcode = '22023';
  end if;
  if extract(epoch from to_time - from_time) / extract(epoch from r.rollup_table_interval) > 5000 then
    raise exception 'from_time, to_time: more than 5000 buckets of % lie between % and %', r.rollup_table_interval, from_time, to_time
      using errcode = '22023', hint = 'Choose a shorter range, or a coarser rollup.';
  end if;
  for dimension in select f.key, f.value from jsonb_each_text(coalesce(filter, '{}')) as f loop
    if not exists (select from silver.timeseries_rollup_column q
      where q.rollup_id = r.rollup_id and q.column_name = dimension.key and q.role = 'dimension')
    then
      raise exception 'filter: % is no dimension of %', dimension.key, r.target_table using errcode = '22023';
    end if;
    conditions := conditions || format(' and t.%I::text is not distinct from %L', dimension.key, dimension.value);
  end loop;
  begin
    return query execute format(
      'with unsettled as materialized (select silver.unsettled(%s) as ranges)
       select to_json(t."timestamp") #>> ''{}'', (%s)::double precision, t."timestamp" <@ (select ranges from unsettled)
       from %s t where t."timestamp" >= $1 and t."timestamp" < $2%s group by t."timestamp" order by t."timestamp"',
      r.rollup_id,
      format(folded, c.column_name, (silver.sibling_column(c, 'sum')).column_name, (silver.sibling_column(c, 'count')).column_name),
      silver.live_name(r.target_table), conditions)
      using from_time, to_time;
  exception when insufficient_privilege then
    raise exception 'the role % may not read %', current_user, silver.live_name(r.target_table)
      using errcode = '42501', hint = format('GRANT SELECT ON %s TO %I;', silver.live_name(r.target_table), current_user);
  end;
end
$$;
