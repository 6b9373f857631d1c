-- The partition tree of a source as adopted, apart from the source's row, which every insert reads; and what becomes of buckets whose source
-- is partly gone.

create table silver.timeseries_source_tree (
  source_id integer primary key references silver.timeseries_tracked_source (source_id) on delete cascade,
  members oid[] not null,
  bounds tstzrange[] not null,
  fingerprints bigint[] not null,
  parents oid[] not null,
  functions oid[] not null,
  fingerprint bigint not null,
  gone tstzmultirange not null default '{}',
  adopted_at timestamptz not null default clock_timestamp(),
  check (cardinality(members) = cardinality(bounds) and cardinality(members) = cardinality(fingerprints))
);

comment on table silver.timeseries_source_tree is
  'The partition tree and tracking triggers of each raw source as last adopted; where the catalog differs now, the source is unsettled.';
comment on column silver.timeseries_source_tree.source_id is 'The source.';
comment on column silver.timeseries_source_tree.members is 'The table and every table below it.';
comment on column silver.timeseries_source_tree.bounds is 'The time each member can hold, in the order of members.';
comment on column silver.timeseries_source_tree.fingerprints is 'Each member''s place in the tree and its tracking triggers, hashed, in the order of members.';
comment on column silver.timeseries_source_tree.parents is 'The members that may have tables below them.';
comment on column silver.timeseries_source_tree.functions is 'The trigger functions of the source.';
comment on column silver.timeseries_source_tree.fingerprint is 'All of it in one number, which silver.tree_fingerprint computes anew for every reader.';
comment on column silver.timeseries_source_tree.gone is 'The time of members that were detached or dropped, less that of members attached since.';
comment on column silver.timeseries_source_tree.adopted_at is 'When it was adopted.';

alter table silver.timeseries_tracked_source drop column members;

alter table silver.timeseries_rollup_config
  add column on_partition_drop text not null default 'keep' check (on_partition_drop in ('keep', 'recompute'));

comment on column silver.timeseries_rollup_config.on_partition_drop is
  'When a partition of the source is detached or dropped: keep, what was computed from it stays and is final; recompute, its rows count as deleted.';

alter table silver.timeseries_progress add column kept tstzmultirange not null default '{}';

comment on column silver.timeseries_progress.kept is
  'Covered buckets whose source is partly gone (on_partition_drop keep): final, like frozen ones, until silver.invalidate with force.';
