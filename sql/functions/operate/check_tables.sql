-- silver.check_tables(rollup_id): findings about the tables of a rollup, for silver.validate_rollup_config. Stable; takes no locks.
create or replace function silver.check_tables(rollup_id integer)
returns table (severity text, code text, message text, remedy text)
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  r silver.timeseries_rollup_config;
  drop_it text;
  key_columns name[];
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = check_tables.rollup_id;
  drop_it := format('SELECT silver.drop_rollup(%L);', r.target_table::text);
  if not exists (select from pg_catalog.pg_class k where k.oid = r.source_table) then
    return query select 'error', 'source_missing', format('the source %s is gone', r.source_table),
      'Restore it from a backup into the same database, or ' || drop_it;
  end if;
  if not exists (select from pg_catalog.pg_class k where k.oid = r.target_table) then
    return query select 'error', 'target_missing', format('the target %s is gone', r.target_table), drop_it || ' and create it again.';
    return;
  end if;
  if to_regclass(silver.live_name(r.target_table)) is null and r.mode = 'track' then
    return query select 'warning', 'live_view_missing', format('%s is gone', silver.live_name(r.target_table)),
      format('SELECT silver.compile_live(%s);', r.rollup_id);
  end if;

  -- One row per bucket and group: the difference a chunk writes relies on it.
  select array_agg(c.column_name order by c.column_name) into key_columns
  from silver.timeseries_rollup_column c where c.rollup_id = r.rollup_id and c.role in ('time', 'dimension');
  if not exists (
    select
    from pg_catalog.pg_index i
    where i.indrelid = r.target_table and i.indisunique and i.indisvalid and i.indpred is null
      and (select array_agg(a.attname order by a.attname)
           from pg_catalog.pg_attribute a
           where a.attrelid = i.indrelid and a.attnum = any (i.indkey::smallint[])) = key_columns)
  then
    return query select 'error', 'key_missing', format('%s has no unique key of %s', r.target_table, key_columns),
      format('CREATE UNIQUE INDEX ON %s (%s) NULLS NOT DISTINCT;', r.target_table,
        (select string_agg(quote_ident(c.column_name), ', ' order by c.position)
         from silver.timeseries_rollup_column c where c.rollup_id = r.rollup_id and c.role in ('time', 'dimension')));
  end if;

  if r.partition_interval is not null then
    return query
    select 'error', 'default_partition', format('%s has a default partition, %s: rows in it block the partition they belong to', r.target_table, i.inhrelid::regclass),
      format('Move its rows away, ALTER TABLE %s DETACH PARTITION %s; Silver makes the partitions it needs.', r.target_table, i.inhrelid::regclass)
    from pg_catalog.pg_inherits i join pg_catalog.pg_class k on k.oid = i.inhrelid
    where i.inhparent = r.target_table and pg_catalog.pg_get_expr(k.relpartbound, k.oid) = 'DEFAULT';
    if not exists (select from pg_catalog.pg_class k where k.oid = r.target_table and k.relkind = 'p') then
      return query select 'error', 'not_partitioned', format('%s has a partition_interval and is no partitioned table', r.target_table),
        format('UPDATE silver.timeseries_rollup_config SET partition_interval = NULL WHERE rollup_id = %s;', r.rollup_id);
    end if;
  elsif r.retention_period is not null
    and exists (select from silver.timeseries_rollup_config c where c.source_table = r.target_table)
  then
    return query select 'warning', 'retention_needs_partitions',
      format('%s is a plain table with children: nothing is dropped, for a DELETE would make them forget', r.target_table),
      'Create the rollup with a partition_interval, or without a retention_period.';
  end if;
end
$$;
