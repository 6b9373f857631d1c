-- silver.discard_chunk(chunk_id): gives a dead chunk up as a chunk: its buckets are pending again and will be cut anew, by the window now in
-- force. For a chunk that was too big, or cut before something was mended. (To have them computed no more, shorten what is wanted.)
-- False when it is gone or not dead. Locks: as silver.release_chunk.
create or replace function silver.discard_chunk(chunk_id bigint)
returns boolean
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  if not exists (select from silver.timeseries_chunk c where c.chunk_id = discard_chunk.chunk_id and c.state = 'dead') then
    return false;
  end if;
  return silver.release_chunk(discard_chunk.chunk_id);
end
$$;
