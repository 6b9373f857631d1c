-- silver.sync_columns(rollup_id, fill_from): brings the target's columns in line with silver.declared_columns; returns what changed, a row a column.
-- Added and retyped metrics make dirty the covered buckets, from fill_from on and not frozen, in which the source has a value of them: a look
-- through the source finds them, so buckets whose rows are gone from it keep what they have.
-- What has gone stays in the target, as a column that holds nothing for new buckets (role retired).
-- The caller holds the rollup's chunks and progress, and compiles afterwards. Errors: 42701 where the target has a column of the name; those of ALTER
-- TABLE for a value that cannot become the new type. Locks: ACCESS EXCLUSIVE on the target when a column changes; its live view is dropped then.
create or replace function silver.sync_columns(rollup_id integer, fill_from timestamptz)
returns table (change text, column_name text, detail text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  r silver.timeseries_rollup_config;
  has silver.timeseries_rollup_column;
  wants silver.timeseries_rollup_column;
  desired silver.timeseries_rollup_column[] := silver.declared_columns(sync_columns.rollup_id);
  changed name[] := silver.swapped_columns(sync_columns.rollup_id, desired);
  began timestamptz;
  last_position integer;
begin
  select * into strict r from silver.timeseries_rollup_config q where q.rollup_id = sync_columns.rollup_id;
  select greatest(r.start_from, p.frozen_until,
    silver.bucket_floor(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, fill_from)) into strict began
  from silver.timeseries_progress p where p.rollup_id = r.rollup_id;

  -- A column that was retired and that somebody has dropped since is forgotten.
  delete from silver.timeseries_rollup_column c
  where c.rollup_id = r.rollup_id and c.role = 'retired' and not exists (
    select from pg_catalog.pg_attribute a where a.attrelid = r.target_table and a.attname = c.column_name and not a.attisdropped);

  for has in
    select * from silver.timeseries_rollup_column c
    where c.rollup_id = r.rollup_id and c.role <> 'retired'
      and not exists (select from unnest(desired) d where d.column_name = c.column_name and d.role = c.role)
    order by c.position
  loop
    if not has.nullable then
      execute format('alter table %s alter column %I drop not null', r.target_table, has.column_name);
    end if;
    update silver.timeseries_rollup_column c
    set role = 'retired', input_column = null, input_number = null, nullable = true, composes = false
    where c.rollup_id = r.rollup_id and c.position = has.position;
    return query select 'retired', has.column_name::text, format('%I is gone from the source: rows keep what they have, new ones hold null; drop the column when nobody needs it', has.metric);
  end loop;

  foreach wants in array desired loop
    select * into has from silver.timeseries_rollup_column c where c.rollup_id = r.rollup_id and c.column_name = wants.column_name;
    if has.rollup_id is null then
      if exists (select from pg_catalog.pg_attribute a where a.attrelid = r.target_table and a.attname = wants.column_name and not a.attisdropped) then
        raise exception '% has a column % already, which is not Silver''s', r.target_table, quote_ident(wants.column_name)
          using errcode = '42701', hint = format('Rename it, or SELECT silver.sync_rollup(%L, exclude => ARRAY[%L]);', r.target_table::text, wants.metric);
      end if;
      select max(c.position) into last_position from silver.timeseries_rollup_column c where c.rollup_id = r.rollup_id;
      -- Groups made before hold no value of it, as if all of theirs had been null.
      execute format(case wants.role when 'count' then 'alter table %1$s add column %2$I %3$s not null default 0; alter table %1$s alter column %2$I drop default'
        else 'alter table %s add column %I %s' end, r.target_table, wants.column_name, wants.column_type);
      insert into silver.timeseries_rollup_column
      select (jsonb_populate_record(wants, jsonb_build_object('rollup_id', r.rollup_id, 'position', last_position + 1,
        'nullable', wants.role <> 'count', 'filled_from', nullif(began, r.start_from)))).*;
      changed := changed || wants.metric;
      return query select 'added', wants.column_name::text, format('filled from %s on%s', began,
        case when began > r.start_from then format('; earlier buckets hold nothing in it: SELECT silver.invalidate(%L, from_time, to_time, force => true); computes them again, where the source still has all of their rows', r.target_table::text) else '' end);
      continue;
    end if;
    if has.column_type <> wants.column_type then
      perform silver.retype_column(r.rollup_id, has, wants.column_type);
      changed := changed || wants.metric;
      return query select 'retyped', has.column_name::text, format('%s became %s', has.column_type, wants.column_type);
    end if;
    if has.role = 'retired' then
      changed := changed || wants.metric;
      return query select 'kept again', has.column_name::text, format('filled from %s on', began);
    end if;
    if wants.nullable and not has.nullable then
      perform silver.allow_null(r.rollup_id, has);
      return query select 'may be null', has.column_name::text, format('%I may be null now', coalesce(wants.input_column, wants.metric));
    elsif has.input_column <> wants.input_column then
      return query select 'renamed', has.column_name::text, format('%I of the source is called %I now', has.input_column, wants.input_column);
    end if;
    update silver.timeseries_rollup_column c
    set role = wants.role, metric = wants.metric, input_column = wants.input_column, input_number = wants.input_number,
      column_type = wants.column_type, nullable = has.nullable or wants.nullable, composes = wants.composes
    where c.rollup_id = r.rollup_id and c.position = has.position;
  end loop;

  perform silver.dirty_where_filled(r.rollup_id, changed, began);
end
$$;
