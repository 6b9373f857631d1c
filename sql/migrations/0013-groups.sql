-- Late rows by group: where few groups of a bucket changed, their chunk computes those alone. What is dirty stays a set of whole buckets, for
-- coverage and the live views; beside it stands of which of them every group that changed is known.

-- The room that was left for groups in the log, as columns: an entry whose statement touched too many has none.
alter table silver.timeseries_invalidation_log drop column groups;
alter table silver.timeseries_invalidation_log
  add bins timestamptz[], add keys jsonb[], add bin_width interval, add key_columns smallint[],
  add constraint timeseries_invalidation_log_groups check (
    num_nulls(bins, keys, bin_width, key_columns) in (0, 4) and (bins is null or cardinality(bins) = cardinality(keys)));

comment on column silver.timeseries_invalidation_log.bins is 'For each group touched the start of its bin; null: whole buckets.';
comment on column silver.timeseries_invalidation_log.keys is 'For each of them the values of key_columns.';
comment on column silver.timeseries_invalidation_log.bin_width is 'How wide those bins are.';
comment on column silver.timeseries_invalidation_log.key_columns is 'Numbers of the source''s columns by which its rollups group.';

alter table silver.timeseries_progress add precise tstzmultirange not null default '{}',
  add constraint timeseries_progress_precise check (precise <@ dirty);
comment on column silver.timeseries_progress.precise is
  'The part of dirty of which timeseries_dirty_group holds every group that changed; the rest is computed whole.';

alter table silver.timeseries_chunk add precise tstzmultirange not null default '{}',
  add constraint timeseries_chunk_precise check (precise <@ ranges);
comment on column silver.timeseries_chunk.precise is
  'The part of ranges of which timeseries_dirty_group holds every group that changed since it was computed.';

create table silver.timeseries_dirty_group (
  entry_id bigint generated always as identity primary key,
  rollup_id integer not null references silver.timeseries_rollup_config (rollup_id) on delete cascade,
  ranges tstzmultirange not null,
  buckets timestamptz[] not null,
  keys jsonb[] not null,
  check (cardinality(buckets) = cardinality(keys))
);
create index on silver.timeseries_dirty_group (rollup_id);

comment on table silver.timeseries_dirty_group is
  'Groups that changed, in buckets that are dirty, or in a chunk, and need not be computed whole. It may hold more than are still to be computed, never fewer.';
comment on column silver.timeseries_dirty_group.entry_id is 'Identifies the entry.';
comment on column silver.timeseries_dirty_group.rollup_id is 'The rollup.';
comment on column silver.timeseries_dirty_group.ranges is 'The buckets of the entry''s groups. It goes when none of them is precise any more.';
comment on column silver.timeseries_dirty_group.buckets is 'For each group the start of its bucket.';
comment on column silver.timeseries_dirty_group.keys is 'For each of them its dimensions, in the order of the target''s columns.';

alter table silver.timeseries_rollup_config add late_precision text not null default 'cheapest'
  check (late_precision in ('cheapest', 'groups', 'buckets'));
comment on column silver.timeseries_rollup_config.late_precision is
  'How late changes are computed where the groups that changed are known: cheapest: by the planner''s costs; groups: these alone; buckets: whole.';

alter table silver.timeseries_rollup_statement add groups text, add groups_in_scan text, add group_rows text;
comment on column silver.timeseries_rollup_statement.groups is
  'Computes given groups afresh and writes only what differs, finding the rows of each by an index: $4 and $5 their buckets'' starts and ends, $6 their dimensions, $1 and $2 the extent of all. Null: the rollup is computed by whole buckets.';
comment on column silver.timeseries_rollup_statement.groups_in_scan is 'The same, reading the extent and picking their rows.';
comment on column silver.timeseries_rollup_statement.group_rows is 'Finds the rows of one group, in $1 to $2, of the dimensions $4: the planner is asked what that costs.';

alter table silver.timeseries_refresh_log add groups bigint, add groups_cost double precision, add buckets_cost double precision;
comment on column silver.timeseries_refresh_log.groups is 'Groups that were computed by themselves; null: whole buckets alone.';
comment on column silver.timeseries_refresh_log.groups_cost is 'The planner''s cost of computing the known groups by themselves; null: it was not asked.';
comment on column silver.timeseries_refresh_log.buckets_cost is 'Its cost of computing their buckets whole instead.';
