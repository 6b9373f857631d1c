-- silver.note_step(steps, step, began, computed, groups, rows_…): the steps of a chunk's transaction with one more, which ends now. Beyond 64 those of
-- the same kind are one, whose numbers are added up: a trace of a thousand late buckets tells nobody more.
--   steps         a json array: what was done before
--   step          what was done
--   began         when the transaction's statement began, by the clock
--   computed      what of time was computed; null: the step computes nothing
--   groups        how many groups were computed by themselves; null: whole buckets
-- Returns the array with {step, until_ms, range, ranges, groups, rows_…}: range spans what was computed, ranges counts its pieces; what is null or empty is left out.
create or replace function silver.note_step(steps jsonb, step text, began timestamptz, computed tstzmultirange default null, groups bigint default null,
  rows_read bigint default null, rows_inserted bigint default null, rows_updated bigint default null, rows_deleted bigint default null)
returns jsonb
language plpgsql
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set datestyle = 'ISO'
as $$
declare
  last jsonb := steps -> -1;
  merged boolean := jsonb_array_length(steps) >= 64 and last ->> 'step' = step;
begin
  if merged then
    computed := computed + tstzmultirange((last ->> 'range')::tstzrange);
    rows_read := rows_read + (last -> 'rows_read')::bigint;
    rows_inserted := rows_inserted + (last -> 'rows_inserted')::bigint;
    rows_updated := rows_updated + (last -> 'rows_updated')::bigint;
    rows_deleted := rows_deleted + (last -> 'rows_deleted')::bigint;
  end if;
  return case when merged then steps - -1 else steps end || jsonb_strip_nulls(jsonb_build_object(
    'step', step,
    'until_ms', extract(epoch from clock_timestamp() - began) * 1000,
    'range', nullif(range_merge(computed), 'empty')::text,
    'ranges', case when merged then (last -> 'ranges')::bigint + 1 else (select count(*) from unnest(computed)) end,
    'groups', groups, 'rows_read', rows_read, 'rows_inserted', rows_inserted, 'rows_updated', rows_updated, 'rows_deleted', rows_deleted));
end
$$;
