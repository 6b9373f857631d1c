-- silver.create_target(target_schema, target_table_name, columns, source, partitioned): creates the table of a rollup: its columns, one row for each
-- bucket and group as its key, by range of time where partitioned, and the source's indexes that begin with a dimension. Text dimensions
-- keep their collation. Returns the table. Locks: those of CREATE TABLE.
create or replace function silver.create_target(
  target_schema text, target_table_name text, columns silver.timeseries_rollup_column[], source regclass, partitioned boolean)
returns regclass
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  column_list text;
  key text;
  target regclass;
  index_columns text;
begin
  select string_agg(format('%I %s%s%s', c.column_name, c.column_type,
        case when c.role = 'dimension' then (
          select format(' collate %I.%I', n.nspname, k.collname)
          from pg_catalog.pg_attribute a
          join pg_catalog.pg_collation k on k.oid = a.attcollation
          join pg_catalog.pg_namespace n on n.oid = k.collnamespace
          where a.attrelid = source and a.attname = c.input_column and not a.attisdropped and k.collname <> 'default') end,
        case when c.nullable then '' else ' not null' end), ', ' order by c.position),
    format(case when bool_or(c.nullable) filter (where c.role = 'dimension') then 'unique nulls not distinct (%s)' else 'primary key (%s)' end,
      string_agg(quote_ident(c.column_name), ', ' order by c.position) filter (where c.role in ('time', 'dimension')))
  into column_list, key
  from unnest(columns) c;
  execute format('create table %I.%I (%s, %s)%s', target_schema, target_table_name, column_list, key,
    case when partitioned then ' partition by range ("timestamp")' else silver.target_storage() end);
  target := to_regclass(format('%I.%I', target_schema, target_table_name));

  -- An index of the source that begins with the time is the key of the target.
  for index_columns in
    select distinct on (found.keys) found.keys
    from pg_catalog.pg_index i
    join pg_catalog.pg_class k on k.oid = i.indexrelid
    join pg_catalog.pg_am m on m.oid = k.relam and m.amname = 'btree'
    cross join lateral (
      select string_agg(quote_ident(c.column_name), ', ' order by p.place) as keys, count(*) as number,
        bool_or(c.role = 'dimension' and p.place = 1) as begins
      from unnest(i.indkey::smallint[]) with ordinality as p (attribute, place)
      join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = p.attribute
      join unnest(columns) c on c.input_column = a.attname and c.role in ('time', 'dimension')
      where p.place <= i.indnkeyatts
    ) as found
    where i.indrelid = source and i.indisvalid and i.indpred is null and found.begins and found.number = i.indnkeyatts
  loop
    execute format('create index on %s (%s)', target, index_columns);
  end loop;
  return target;
end
$$;
