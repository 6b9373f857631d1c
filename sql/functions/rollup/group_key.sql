-- silver.group_key(rollup_id): the numbers of the source's columns that are the rollup's dimensions, in the order of the target's; null where its groups
-- cannot be told one by one, so that late changes are computed by whole buckets: there are no dimensions, the source has no triggers, or a
-- dimension is of a type of which two values that differ are in one group (numeric, float, text that ignores case), or whose text may change
-- its meaning (an enum's labels can be renamed) or depends on settings. Stable; takes no locks.
create or replace function silver.group_key(rollup_id integer)
returns smallint[]
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select case when bool_and(a.attnum is not null and coalesce(k.collisdeterministic, true) and silver.base_type(a.atttypid) in (
      'smallint'::regtype, 'integer'::regtype, 'bigint'::regtype, 'text'::regtype, 'varchar'::regtype, 'uuid'::regtype, 'boolean'::regtype,
      'date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype))
    then array_agg(a.attnum order by c.position) end
  from silver.timeseries_rollup_config r
  join silver.timeseries_tracked_source s on s.source_id = r.source_id and s.kind <> 'untracked'
  join silver.timeseries_rollup_column c on c.rollup_id = r.rollup_id and c.role = 'dimension'
  left join pg_catalog.pg_attribute a on a.attrelid = s.source_table and a.attname = c.input_column and a.attnum > 0 and not a.attisdropped
  left join pg_catalog.pg_collation k on k.oid = a.attcollation
  where r.rollup_id = group_key.rollup_id
$$;
