-- What a chunk's transaction has computed, between computing it and writing it down: a transaction of several chunks computes all of them first.

create type silver.computed_chunk as (
  chunk silver.timeseries_chunk, by_group tstzmultirange, kept tstzmultirange, unseen tstzmultirange, groups bigint, groups_cost double precision,
  buckets_cost double precision, rows_read bigint, rows_inserted bigint, rows_updated bigint, rows_deleted bigint, began timestamptz,
  duration_ms double precision, steps jsonb);
comment on type silver.computed_chunk is
  'A chunk whose rows are written and whose coverage is not: what was computed by group, what was left as it was, what was read of members not adopted yet, and what it took.';
