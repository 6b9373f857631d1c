-- silver.perform_rollup(specific_table): computes all that is due, chunk after chunk, in the caller's transaction: the specification's
-- main function. specific_table: a target, or a source for all its rollups and theirs in turn; null: every rollup.
-- Each chunk is a savepoint: one that fails is logged, tried again later, and stops only its own rollup. A NOTICE per chunk.
-- Returns one row for each rollup for which something was done: chunks computed and failed, buckets, source rows read, target rows written.
--
-- One transaction cannot commit between moving a horizon and noting who still writes below it. So what falls due here is computed
-- provisionally: right as far as this transaction sees, unsettled in the live view, and computed once more (writing only what
-- differs) when a later call or a scheduler has found the writers gone. Where that matters, as for a long first fill,
-- or beside workers, CALL silver.run_rollups(), which commits as it goes: it computes once, and holds locks for a chunk only.
-- Errors: 42P01 no such table, 22023 neither source nor target, 25001 above READ COMMITTED.
-- Locks, until the transaction ends: the planning of each source, and progress and config rows of its rollups; workers
-- that finish a chunk of these rollups wait. It sets no search_path, so that the table is found as the caller finds it.
create or replace function silver.perform_rollup(specific_table text default null)
returns table (target_table text, chunks bigint, failed bigint, buckets bigint, rows_read bigint, rows_written bigint)
language sql volatile
as $$
  select * from silver.call_sources(silver.select_rollups('specific_table', specific_table), false)
$$;
