-- The grid of a source's partitions, looked up with the extent: a tree of hundreds took more of a tick than all else.

alter table silver.timeseries_source_extent add partition_from timestamptz, add partition_to timestamptz;

comment on column silver.timeseries_source_extent.partition_from is 'Start of one of the source''s range partitions, the newest bounded one; null where there is none.';
comment on column silver.timeseries_source_extent.partition_to is 'End of that partition: chunks end on partition bounds where they are at least a partition long.';
