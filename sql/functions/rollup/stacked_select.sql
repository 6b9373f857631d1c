-- silver.stacked_select(rollup_id, source, lo, hi, listed, source_rows): silver.group_select for a target with values counted one by one, or with arrays.
-- What a group is made of is stacked and aggregated once more:
--   parts    raw source: groups by (bucket, dimensions, values), one pass over the rows; 5 % more than plain groups where they are large,
--            where mode() took 190 % more. Parent: its rows.
--   counted  per column the count of each value; a parent's from its stored counts (silver.counted_select)
--   arrays   per column the first 1,000 values (silver.listed_select)
-- At most 1,000 values with 256 kB of text are stored for a group. Beyond (crowded), there is a fingerprint in place of the counts:
-- a child counts those from the root source. Crowded groups are found first, so that none builds a list without bound.
-- Stable; takes no locks.
create or replace function silver.stacked_select(
  rollup_id integer, source text, lo text, hi text, listed boolean, source_rows boolean)
returns text
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  parent boolean;
  counted silver.timeseries_rollup_column[] := array(select c from silver.counts_apart(rollup_id) as c);
  arrays silver.timeseries_rollup_column[] := array(
    select c from silver.timeseries_rollup_column c where c.rollup_id = stacked_select.rollup_id and c.role = 'array' order by c.position);
  inline boolean;
  keys text;
  part_items text;
  part_keys text;
  carried text;
  nulls text;
  stack text;
  result text;
  item text;
  hash text;
  col silver.timeseries_rollup_column;
begin
  select s.kind = 'derived' into strict parent
  from silver.timeseries_rollup_config r join silver.timeseries_tracked_source s on s.source_id = r.source_id
  where r.rollup_id = stacked_select.rollup_id;
  -- One column counted from raw rows needs no second pass over the parts: its values are a key of theirs.
  inline := not parent and cardinality(counted) = 1;

  select string_agg(', ' || quote_ident(c.column_name), '' order by c.position) filter (where c.role = 'dimension'),
    string_agg(format(E',\n    %s as %I', case
        when not parent and c.role <> 'dimension' then silver.partial_expression(c)
        when c.role in ('mode', 'values') and (silver.sibling_column(c, 'mode')).column_type = 'boolean'
          then format('(s.%I ->> %L)::bigint', (silver.sibling_column(c, 'values')).input_column, case c.role when 'values' then 'true' else 'false' end)
        else 's.' || quote_ident(c.input_column) end, c.column_name), '' order by c.position),
    string_agg(format(', s.%I', c.input_column), '' order by c.position) filter (where c.role = 'dimension'),
    string_agg(', ' || quote_ident(c.column_name), '' order by c.position) filter (where c.role <> 'dimension'),
    repeat(', null', (count(*) filter (where c.role <> 'dimension'))::integer)
  into keys, part_items, part_keys, carried, nulls
  from silver.timeseries_rollup_column c
  where c.rollup_id = stacked_select.rollup_id
    and (c.role = 'dimension' or case when parent then c.input_column is not null and c.role <> 'time' else silver.partial_expression(c) is not null end);
  keys := '"timestamp"' || coalesce(keys, '');
  part_keys := '1' || coalesce(part_keys, '');
  if parent then
    result := format(E'with parts as (\n  select %s as "timestamp", %s as silver_at%s\n  from %s as s\n  where %s\n)',
      silver.bucket_expression(rollup_id, silver.source_instant(rollup_id), listed), silver.source_instant(rollup_id), part_items,
      source, silver.source_predicate(rollup_id, lo, hi));
    -- What the parent's arrays and counts are is read from parts by name, not carried on.
    select coalesce(string_agg(', ' || quote_ident(c.column_name), '' order by c.position), ''), repeat(', null', count(*)::integer)
    into carried, nulls
    from silver.timeseries_rollup_column c
    where c.rollup_id = stacked_select.rollup_id and c.input_column is not null and c.role not in ('time', 'dimension', 'array')
      and (c.role not in ('mode', 'values') or (silver.sibling_column(c, 'mode')).column_type = 'boolean');
  else
    foreach col in array counted loop
      item := silver.value_key('s.' || quote_ident(col.input_column), col.column_type::regtype);
      part_items := part_items || format(E',\n    %s as %I', case when item like '(%' then item else item || '::text' end, 'silver_key_' || col.position);
      part_keys := part_keys || ', ' || item;
    end loop;
    result := format(E'with parts as (\n  select %s as "timestamp"%s\n  from %s as s\n  where %s\n  group by %s\n)',
      silver.bucket_expression(rollup_id, silver.source_instant(rollup_id), listed), part_items,
      source, silver.source_predicate(rollup_id, lo, hi), part_keys);
  end if;

  if cardinality(counted) > 0 then
    result := result || E', counted as (\n';
    foreach col in array counted loop
      if col.position <> counted[1].position then
        result := result || E'\n  union all\n';
      end if;
      if parent then
        result := result || silver.counted_select(rollup_id, col, lo, hi, listed);
      elsif inline then
        result := result || format(E'  select %s, %s as silver_value, %I as silver_key, row_count as silver_count from parts where %3$I is not null',
          keys, col.position, 'silver_key_' || col.position);
      else
        result := result || format(E'  select %s, %s as silver_value, %I as silver_key, sum(row_count)::bigint as silver_count from parts where %3$I is not null group by %1$s, %3$I',
          keys, col.position, 'silver_key_' || col.position);
      end if;
    end loop;
    hash := silver.row_hash(rollup_id, 'silver_value, ' || keys);
    result := result || format(E'\n), crowded as (\n  select %s as silver_group from counted\n  group by silver_value, %s\n'
      '  having count(*) > 1000 or sum(octet_length(silver_key)) > 262144\n)', hash, keys);
  end if;
  foreach col in array arrays loop
    result := result || format(E', listed_%s as (\n%s\n)', col.position, silver.listed_select(rollup_id, col, source, lo, hi, listed));
  end loop;

  stack := format('  select %s%s%s%s from parts', keys, carried,
    case when cardinality(counted) = 0 then ''
      when inline then format(', %s as silver_value, %I as silver_key, row_count as silver_count', counted[1].position, 'silver_key_' || counted[1].position)
      else ', null::integer as silver_value, null::text as silver_key, null::bigint as silver_count' end,
    (select coalesce(string_agg(format(', null::%s as %I', case a.column_type when 'json[]' then 'text[]' else a.column_type end, 'silver_items_' || a.position), ''), '')
     from unnest(arrays) as a));
  if cardinality(counted) > 0 and not inline then
    stack := stack || format(E'\n  union all\n  select %s%s, silver_value, silver_key, silver_count%s from counted',
      keys, nulls, repeat(', null', cardinality(arrays)));
  end if;
  foreach col in array arrays loop
    stack := stack || format(E'\n  union all\n  select %s%s%s%s from listed_%s', keys, nulls,
      case when cardinality(counted) > 0 then ', null, null, null' else '' end,
      (select string_agg(case when a.position = col.position then ', silver_items' else ', null' end, '' order by a.position) from unnest(arrays) as a),
      col.position);
  end loop;
  if cardinality(counted) > 0 then
    stack := format(E'  select *, (select count(*) > 0 from crowded) and %s in (select silver_group from crowded) as silver_crowded\n  from (\n%s\n  ) as u', hash, stack);
  end if;

  select result || format(E'\nselect %s%s\nfrom (\n%s\n) as s\ngroup by %s%s',
    string_agg(format('(%s)::%s as %I', case
        when c.role in ('time', 'dimension') then 's.' || quote_ident(c.column_name)
        when c.role = 'array' then format('max(s.%I)', 'silver_items_' || c.position)
        when c.role in ('mode', 'values') and (silver.sibling_column(c, 'mode')).position = any (array(select k.position from unnest(counted) k))
          then format(case c.role
            -- The highest count first, and of those the lowest text: found without sorting.
            when 'mode' then 'substr(min((999999999999999999 - s.silver_count)::text || s.silver_key collate "C") filter (where s.silver_value = %1$s and s.silver_key is not null), 19)'
            else 'coalesce(jsonb_object_agg(s.silver_key, s.silver_count) filter (where s.silver_value = %1$s and s.silver_key is not null and not s.silver_crowded), '
              'to_jsonb(sum(hashtextextended(s.silver_key, s.silver_count)) filter (where s.silver_value = %1$s and s.silver_crowded)))' end,
            (silver.sibling_column(c, 'mode')).position)
        else silver.aggregate_expression(c, 'parts') end,
      c.column_type, c.column_name), E',\n  ' order by c.position),
    case when source_rows then E',\n  count(s.row_count) as silver_source_rows' else '' end, stack, keys,
    -- Rows of the root source that came since the parent was computed make no group; its chunk will.
    case when parent then E'\nhaving count(s.row_count) > 0' else '' end)
  into result
  from silver.timeseries_rollup_column c where c.rollup_id = stacked_select.rollup_id;
  return result;
end
$$;
