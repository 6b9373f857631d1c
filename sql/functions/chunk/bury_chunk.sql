-- silver.bury_chunk(chunk_id): marks a chunk dead: out of attempts. It keeps its ranges, so they stay unsettled and are not planned again until it is
-- retried or released; its rollup shows an error, and no other rollup is slowed. Returns 'dead', or 'superseded' when
-- the chunk is gone or held by a running attempt. Locks: the chunk row, the config row.
create or replace function silver.bury_chunk(chunk_id bigint)
returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  c silver.timeseries_chunk;
begin
  select * into c from silver.timeseries_chunk ch where ch.chunk_id = bury_chunk.chunk_id for update skip locked;
  if c.chunk_id is null then
    return 'superseded';
  end if;
  update silver.timeseries_chunk ch
  set state = 'dead', worker_id = null, started_at = null, retry_at = null, attempt = greatest(ch.attempt, 1)
  where ch.chunk_id = c.chunk_id;
  perform silver.show_rollup_state(c.rollup_id);
  return 'dead';
end
$$;
