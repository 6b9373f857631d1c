-- silver.reset_rollup_retry(target_table_name): gives every dead or failed chunk of the rollup all its attempts again, due at once, as
-- silver.retry_chunk does: for after what made them fail was mended. Returns how many.
-- Errors: 42P01 no such table; 22023 not a target. Locks: the chunk rows, the config row.
-- It sets no search_path, so that the target is found as the caller finds it.
create or replace function silver.reset_rollup_retry(target_table_name text)
returns bigint
language plpgsql
as $$
declare
  r silver.timeseries_rollup_config := silver.resolve_rollup('target_table_name', target_table_name);
begin
  return (
    select count(*) filter (where silver.retry_chunk(c.chunk_id))
    from silver.timeseries_chunk c where c.rollup_id = r.rollup_id and c.state in ('dead', 'retrying'));
end
$$;
