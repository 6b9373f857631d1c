-- silver.open_turn(source_id): the first half of a source's turn, in one call: silver.lock_source, and, if that is got, silver.note_writers,
-- silver.settle_drains and silver.consume_log, in this order, each in snapshots of its own.
--   locked                     whether this transaction plans the source now; if not, nothing was done
--   noted, settled, consumed   what the three return
--   awaited                    drains whose writers have not all ended
-- The caller has committed silver.advance_horizon before. Locks: as theirs.
create or replace function silver.open_turn(
  source_id integer, out locked boolean, out noted integer, out settled integer, out consumed bigint, out awaited bigint)
language plpgsql strict
set search_path = pg_catalog, pg_temp
set jit = off
as $$
begin
  locked := silver.lock_source(source_id);
  if locked then
    noted := silver.note_writers(source_id);
    settled := silver.settle_drains(source_id);
    consumed := silver.consume_log(source_id);
    awaited := (select count(*) from silver.timeseries_drain d where d.source_id = open_turn.source_id and not d.provisional);
  end if;
end
$$;
