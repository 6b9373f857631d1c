-- silver.chunk_timeout_ms(chunk_id, cap_ms): how long a chunk may take, in milliseconds: its rollup's chunk_timeout, at most cap_ms; at least 1, for to
-- PostgreSQL 0 is no limit. cap_ms alone when the chunk is gone. Stable; takes no locks.
create or replace function silver.chunk_timeout_ms(chunk_id bigint, cap_ms double precision)
returns bigint
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select greatest(1, least(cap_ms, 2147483647, (
      select extract(epoch from r.chunk_timeout)::double precision * 1000
      from silver.timeseries_chunk c join silver.timeseries_rollup_config r on r.rollup_id = c.rollup_id
      where c.chunk_id = chunk_timeout_ms.chunk_id)))::bigint);
end
$$;
