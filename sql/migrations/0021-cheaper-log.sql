-- What a late statement costs its writer, of which the log's entry is the greater part. Groups stand bin by bin, an array for each column, so that
-- the writer makes few values, and makes them distinct only where they are many; whoever consumes the log does so anyway.
-- The check of four columns was parsed and planned anew at each statement, an eighth of what a late row cost; compressing what is read once, a second
-- later, a fifth of what 1,000 cost. One index serves for both: entries are found by source, and numbered.
alter table silver.timeseries_invalidation_log
  drop constraint timeseries_invalidation_log_groups,
  drop constraint timeseries_invalidation_log_pkey,
  add group_count integer,
  alter keys set storage external;
drop index silver.timeseries_invalidation_log_source_id_idx;
alter table silver.timeseries_invalidation_log add primary key (source_id, log_id);

comment on column silver.timeseries_invalidation_log.group_count is
  'How many groups the entry has, each at least once; null: whole buckets, whatever stands beside it: it may be the entry of a writer that began before this column was.';
comment on column silver.timeseries_invalidation_log.bins is 'The start of each bin with groups touched; null: whole buckets.';
comment on column silver.timeseries_invalidation_log.keys is
  'For each of them an array, which for each of key_columns holds an array: of each group the value. A group may be there more than once.';
