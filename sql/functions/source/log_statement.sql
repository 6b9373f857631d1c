-- silver.log_statement(source_id, rows, bin_width, key_columns, number): SQL with which the tracking trigger of a statement appends one entry to the
-- invalidation log, where any row is late: a part of the functions of silver.compile_tracking, in PL/pgSQL, that leaves the entry's number in their
-- variable entry. rows: SQL for the late rows, of each the start of its bin as silver_bin and, where their groups are to be logged, the values of
-- key_columns as silver_<number>; key_columns null: bins alone. number: for how many rows: `one`, `few` or `many`.
-- Of few rows, which are 10,000 at most, a group is logged as often as it was touched: whoever reads them makes them distinct anyway, and hashing each
-- row once more to do it here was a third of what a late statement of 1,000 rows cost. Of many each is logged once. Beyond 10,000 groups, or
-- 4 MB of values, the bins alone are logged: then whole buckets are computed. Errors: 22023 for another number. Immutable; takes no locks.
create or replace function silver.log_statement(source_id integer, rows text, bin_width interval, key_columns smallint[], number text)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
  bin constant text := format('tstzrange(b.bin, b.bin + interval %L)', bin_width);
  -- Coalesced where they are too many to be one entry's.
  touched constant text := format(
    'case when count(*) > 1000 then silver.coalesce_ranges(range_agg(%1$s), 1000) else range_agg(%1$s) end', bin);
  bins text;
begin
  if key_columns is null then
    return format('
      insert into silver.timeseries_invalidation_log as l (source_id, touched)
      select %s, %s from (select distinct r.silver_bin as bin from (%s) as r) as b having count(*) > 0
      returning l.log_id into entry;', source_id, touched, rows);
  end if;
  if number = 'one' then
    return format('
      insert into silver.timeseries_invalidation_log as l (source_id, touched, bins, keys, bin_width, key_columns, group_count)
      select %s, tstzmultirange(%s), array[b.bin], array[jsonb_build_array(%s)], interval %L, %L::smallint[], 1
      from (select r.silver_bin as bin, r.* from (%s) as r) as b
      returning l.log_id into entry;',
      source_id, bin, (select string_agg(format('array[b.silver_%s]', k.number), ', ' order by k.place) from unnest(key_columns) with ordinality as k (number, place)),
      bin_width, key_columns, rows);
  end if;
  if number not in ('few', 'many') then
    raise exception 'there is no number %', number using errcode = '22023';
  end if;
  -- For each bin one array, of an array for each column, with a value for each group.
  bins := format('select g.silver_bin as bin, count(*) as groups, jsonb_build_array(%s) as keys from (%s) as g group by g.silver_bin',
    (select string_agg(format('array_agg(g.silver_%s)', k.number), ', ' order by k.place) from unnest(key_columns) with ordinality as k (number, place)),
    case number when 'many' then 'select * from silver_group limit 10001' else rows end);
  return format('%s
      insert into silver.timeseries_invalidation_log as l (source_id, touched, bins, keys, bin_width, key_columns, group_count)
      select %s, t.touched, case when t.is_small then t.bins end, case when t.is_small then t.keys end, case when t.is_small then interval %L end,
        case when t.is_small then %L::smallint[] end, case when t.is_small then t.groups end
      from (
        select %s as touched, array_agg(b.bin) as bins, array_agg(b.keys) as keys, sum(b.groups) as groups,
          sum(b.groups) <= 10000 and sum(pg_column_size(b.keys)) <= 4194304 as is_small
        from (%s) as b) as t
      where t.touched is not null
      returning l.log_id into entry;',
    case number when 'many' then format('
      with silver_group as materialized (select distinct * from (%s) as r)', rows) end,
    source_id, bin_width, key_columns,
    case number when 'many' then format('(select %s from (select distinct g.silver_bin as bin from silver_group g) as b)', touched) else touched end,
    bins);
end
$$;
