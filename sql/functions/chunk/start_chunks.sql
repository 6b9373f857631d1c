-- silver.start_chunks(chunk_ids, worker_id, attempts): silver.start_chunk for the chunks of silver.run_chunks: announces all of them in one small transaction, and
-- returns a row for each, in the order given. 'postponed', and not announced: a chunk of a rollup whose circuit is open, which tries its chunks one by one. The
-- state of a rollup whose config row somebody holds is left for the end of its chunks: what locks the rows of several rollups must not wait for one of them
-- while it holds another.
-- Locks: the chunk rows; the config rows, those that are free.
create or replace function silver.start_chunks(chunk_ids bigint[], worker_id text, attempts integer[])
returns table (chunk_id bigint, outcome text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  one record;
  rollups integer[] := '{}';
  rollup integer;
begin
  for one in
    select a.id, a.attempt, exists (
        select from silver.timeseries_chunk c join silver.timeseries_rollup_config r on r.rollup_id = c.rollup_id
        where c.chunk_id = a.id and r.probe_at is not null) as must_wait
    from unnest(chunk_ids, attempts) with ordinality as a (id, attempt, nth) order by a.nth
  loop
    chunk_id := one.id;
    if one.must_wait then
      outcome := 'postponed';
    else
      select a.outcome, a.rollup_id into outcome, rollup from silver.announce_chunk(one.id, worker_id, one.attempt, null, true) a;
      if outcome = 'started' and rollup <> all (rollups) then
        rollups := rollups || rollup;
      end if;
    end if;
    return next;
  end loop;
  for rollup in
    select r.rollup_id from silver.timeseries_rollup_config r where r.rollup_id = any (rollups) order by r.rollup_id for no key update skip locked
  loop
    perform silver.show_rollup_state(rollup);
  end loop;
end
$$;
