-- silver.cancel_backfill(backfill_id): ends an order. Its chunks that no worker has begun go; those that run end as they would. What it has computed stays, and is kept
-- right from now on; what it had added to what its rollups are to cover, and is not computed, is taken back, unless another open order has it left.
--   backfill_id  the order, as silver.start_backfill returned it
-- False when the order was finished or cancelled already. Errors: 22023 there is no such order.
-- Locks: the progress rows of its rollups, the order, its chunks.
create or replace function silver.cancel_backfill(backfill_id bigint)
returns boolean
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  b silver.timeseries_backfill;
  one record;
begin
  perform from silver.timeseries_progress p
  where p.rollup_id in (select q.rollup_id from silver.timeseries_backfill_part q where q.backfill_id = cancel_backfill.backfill_id)
  order by p.rollup_id for update;
  select * into b from silver.timeseries_backfill o where o.backfill_id = cancel_backfill.backfill_id for no key update;
  if b.backfill_id is null then
    raise exception 'backfill_id: there is no backfill %', cancel_backfill.backfill_id using errcode = '22023',
      hint = 'SELECT backfill_id, target_table, state FROM silver.timeseries_backfill_progress;';
  end if;
  if b.state <> 'open' then
    return false;
  end if;
  update silver.timeseries_backfill o set state = 'cancelled', cancelled_at = clock_timestamp(), cancelled_by = session_user
  where o.backfill_id = b.backfill_id;
  update silver.timeseries_backfill_part p
  set remaining = '{}', dropped_buckets = (
    select coalesce(sum(upper(n) - lower(n)), 0) from unnest(silver.bucket_numbers(
      p.remaining, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin)) as n)
  from silver.timeseries_rollup_config r
  where p.backfill_id = b.backfill_id and r.rollup_id = p.rollup_id;
  for one in
    select c.chunk_id from silver.timeseries_chunk c where c.backfill_id = b.backfill_id and c.state <> 'running' order by c.chunk_id
  loop
    perform silver.release_chunk(one.chunk_id);
  end loop;
  for one in select p.rollup_id from silver.timeseries_backfill_part p where p.backfill_id = b.backfill_id order by p.rollup_id loop
    perform silver.forget_cancelled(one.rollup_id);
    perform silver.show_rollup_state(one.rollup_id);
  end loop;
  perform pg_notify('silver_wake', '');
  return true;
end
$$;
