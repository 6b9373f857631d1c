-- silver.run_chunks(chunk_ids, worker_id, attempts, budget_ms): silver.run_chunk for several chunks in one transaction, each expected to be short: they share
-- what a transaction, a delivery and an announcement cost. attempts: one for each chunk. Once budget_ms have passed since the first began, no other is begun: those
-- left are 'postponed', and the caller gives them back in this transaction (silver.give_back_chunk). The first is never postponed.
-- Returns a row for each chunk, in the order given, as silver.run_chunk does, without steps.
-- Any error is that of all: nothing is written, and each is to be computed alone.
-- Locks: all chunk rows at once; then for each in turn the source's tree and target rows; then, when all are computed, the progress rows of all
-- rollups in the order of their ids; then backfills and config rows, rollup by rollup in that order.
create or replace function silver.run_chunks(chunk_ids bigint[], worker_id text, attempts integer[], budget_ms double precision)
returns table (chunk_id bigint, outcome text, rollup_id integer, buckets bigint, rows_read bigint, rows_inserted bigint,
  rows_updated bigint, rows_deleted bigint, duration_ms double precision)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  began timestamptz := clock_timestamp();
  held silver.timeseries_chunk[];
  c silver.timeseries_chunk;
  done silver.computed_chunk;
  all_done silver.computed_chunk[] := '{}';
  postponed bigint[] := '{}';
  concluded record;
begin
  -- All at once: an announced chunk whose row nobody holds is one whose worker died (silver.abandoned_chunks).
  select array_agg(l.locked order by array_position(chunk_ids, l.chunk_id)) into held
  from (
    select ch.chunk_id, ch as locked from silver.timeseries_chunk ch
    where ch.chunk_id = any (chunk_ids) and ch.state <> 'dead' for update skip locked
  ) as l;
  foreach c in array coalesce(held, '{}') loop
    if cardinality(all_done) > 0 and clock_timestamp() - began > budget_ms * interval '1 millisecond' then
      postponed := postponed || c.chunk_id;
    else
      all_done := all_done || silver.compute_chunk(c);
    end if;
  end loop;

  perform from silver.timeseries_progress p
  where p.rollup_id in (select (d.chunk).rollup_id from unnest(all_done) d)
  order by p.rollup_id for update;
  for done in select d.* from unnest(all_done) d order by (d.chunk).rollup_id, (d.chunk).chunk_id loop
    perform silver.record_chunk(done, worker_id, attempts[array_position(chunk_ids, (done.chunk).chunk_id)]);
  end loop;
  for concluded in
    select (d.chunk).rollup_id, bool_or((d.chunk).reason = 'backfill') as backfilled from unnest(all_done) d group by 1 order by 1
  loop
    perform silver.conclude_chunks(concluded.rollup_id, concluded.backfilled);
  end loop;
  return query
    select id, case
        when (d.chunk).chunk_id is not null then 'completed'
        when id = any (postponed) then 'postponed'
        when exists (select from silver.timeseries_chunk ch where ch.chunk_id = id and ch.state <> 'dead') then 'deferred'
        else 'superseded' end,
      (d.chunk).rollup_id, (d.chunk).buckets, coalesce(d.rows_read, 0), coalesce(d.rows_inserted, 0), coalesce(d.rows_updated, 0),
      coalesce(d.rows_deleted, 0), d.duration_ms
    from unnest(chunk_ids) with ordinality as a (id, nth) left join unnest(all_done) d on (d.chunk).chunk_id = id
    order by nth;
end
$$;
