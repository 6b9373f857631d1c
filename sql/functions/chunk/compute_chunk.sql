-- silver.compute_chunk(chunk): the first half of a chunk's transaction: its target rows. The caller holds the chunk's row, and calls silver.record_chunk
-- with what this returns, in the same transaction.
-- Where the groups that changed are known, and it is cheaper, just they are computed (silver.refresh_groups). Such buckets were covered, and are covered
-- still if nothing took that away meanwhile: the chunk covers what it computed whole.
-- Buckets whose source is partly gone (silver.kept_buckets) are left as they are, also when a partition left after the chunk was planned.
-- What was read of members not adopted yet (silver.unadopted) is dirty once more: should they leave before they are, nobody would know of it.
-- steps: for the trace of a chunk that carries one, else null: what was done one after the other, each with until_ms, when it had ended, in ms
-- since the function began (silver.note_step): lock, the tree; refresh_groups; refresh_range, one for each range.
-- Errors: 55000 when the source changed shape; those of silver.refresh_range. Locks: the source's tree, target rows.
create or replace function silver.compute_chunk(chunk silver.timeseries_chunk)
returns silver.computed_chunk
language plpgsql
set search_path = pg_catalog, pg_temp
set timezone = 'UTC'
set work_mem = '64MB'
as $$
declare
  c silver.timeseries_chunk := chunk;
  done silver.computed_chunk;
  r silver.timeseries_rollup_config;
  range tstzrange;
  precise tstzmultirange;
  one record;
  compiled record;
begin
  done.chunk := c;
  done.began := clock_timestamp();
  done.by_group := '{}';
  done.rows_read := 0;
  done.rows_inserted := 0;
  done.rows_updated := 0;
  done.rows_deleted := 0;
  done.steps := case when c.trace is not null then jsonb '[]' end;
  select * into strict r from silver.timeseries_rollup_config q where q.rollup_id = c.rollup_id;
  select s.shape, s.looked_at_columns into strict compiled from silver.timeseries_rollup_statement s where s.rollup_id = r.rollup_id;
  if compiled.looked_at_columns is distinct from silver.columns_fingerprint(r.rollup_id) then
    perform silver.check_shape(r, compiled.shape);
  end if;
  perform set_config('work_mem', r.work_mem, true);

  -- From here until the commit no partition leaves: what is found gone now is all that will be.
  perform silver.lock_source_tree(r.source_id);
  done.kept := silver.kept_buckets(r.rollup_id);
  if done.steps is not null then
    done.steps := silver.note_step(done.steps, 'lock', done.began);
  end if;
  if not isempty(c.precise) then
    select c.precise * p.covered - done.kept into strict precise from silver.timeseries_progress p where p.rollup_id = r.rollup_id;
    select * into one from silver.refresh_groups(r.rollup_id, precise);
    done.groups_cost := one.groups_cost;
    done.buckets_cost := one.buckets_cost;
    if not isempty(one.computed) then
      done.by_group := one.computed;
      done.groups := one.groups;
      done.rows_read := one.rows_read;
      done.rows_inserted := one.rows_inserted;
      done.rows_updated := one.rows_updated;
      done.rows_deleted := one.rows_deleted;
    end if;
    if done.steps is not null then
      done.steps := silver.note_step(done.steps, 'refresh_groups', done.began, done.by_group, coalesce(done.groups, 0),
        done.rows_read, done.rows_inserted, done.rows_updated, done.rows_deleted);
    end if;
  end if;
  for range in select unnest(c.ranges - done.kept - done.by_group) loop
    select * into one from silver.refresh_range(r.rollup_id, range);
    done.rows_read := done.rows_read + one.rows_read;
    done.rows_inserted := done.rows_inserted + one.rows_inserted;
    done.rows_updated := done.rows_updated + one.rows_updated;
    done.rows_deleted := done.rows_deleted + one.rows_deleted;
    if done.steps is not null then
      done.steps := silver.note_step(done.steps, 'refresh_range', done.began, tstzmultirange(range), null,
        one.rows_read, one.rows_inserted, one.rows_updated, one.rows_deleted);
    end if;
  end loop;
  done.unseen := silver.widen_to_buckets(
    silver.unadopted(r.source_id) * (c.ranges - done.kept), r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin);
  done.duration_ms := extract(epoch from clock_timestamp() - done.began) * 1000;
  return done;
end
$$;
