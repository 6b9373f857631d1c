-- What silver.sync_rollup needs when a source changes shape: columns that are no longer computed but kept, since when a later one is
-- filled, and which columns of the source are left out.

alter table silver.timeseries_rollup_column drop constraint timeseries_rollup_column_role_check;
alter table silver.timeseries_rollup_column add constraint timeseries_rollup_column_role_check check (role in (
  'time', 'dimension', 'row_count', 'min', 'max', 'sum', 'count', 'avg',
  'mode', 'values', 'array', 'first', 'first_time', 'last', 'last_time', 'retired'));
comment on column silver.timeseries_rollup_column.role is
  'What the column holds for its metric. retired: the source has the metric no more; rows keep what they had, and new ones have null.';

alter table silver.timeseries_rollup_column add column filled_from timestamptz;
comment on column silver.timeseries_rollup_column.filled_from is
  'Buckets before it had been computed for good when the column was added by silver.sync_rollup: they hold nothing in it. Null: all are filled.';

alter table silver.timeseries_rollup_config add column excluded_columns name[] not null default '{}';
update silver.timeseries_rollup_config r
set excluded_columns = array(select e::name from jsonb_array_elements_text(r.created_with -> 'exclude') as e)
where r.created_with ? 'exclude';
update silver.timeseries_rollup_config r set created_with = r.created_with - 'source';
comment on column silver.timeseries_rollup_config.excluded_columns is
  'Columns of the source that are left out: those of create_rollup_table''s exclude, and what sync_rollup added to them.';
