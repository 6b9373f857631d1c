-- silver.compile_tracking(source_id): (re)creates the trigger functions of a source, silver.track_<id>() for statements,
-- silver.track_move_<id>() for rows that move between partitions and silver.track_apply_<id>() for rows that logical replication applies.
-- Generated, so that the common path runs a cached plan: one look at the horizon and the times, nothing written at the head.
-- A late statement takes two more: what there is to log and how, and the entry itself (silver.log_statement).
-- Statements at READ COMMITTED log the groups they touched too, old ones and new ones, while the columns of the dimensions are what they were when
-- this was compiled: else, and in the row triggers, bins alone. On the
-- target of a rollup chunks that wrote a difference do so; those that filled it would log what they have written once more.
--
-- They are SECURITY DEFINER, because the application's role needs no right on the schema silver, with search_path
-- pinned; and VOLATILE, because a writer without an xid yet must see a horizon that moved after its statement began.
-- A transaction at REPEATABLE READ or above may see an old horizon, so it always logs; so does one that finds none.
-- Where tracking is switched off (silver.track_off) they return at once.
-- So is this function, so that whoever declares a rollup, they belong to Silver's owner, who alone replaces them.
-- Errors: P0002 for an unknown source. Locks: the functions' catalog rows only.
create or replace function silver.compile_tracking(source_id integer)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  src silver.timeseries_tracked_source;
  time_type regtype;
  bins text;
  bin_width interval;
  instant text;
  keys record;
  operations text;
  committed_reads constant text := 'current_setting(''transaction_isolation'') in (''read committed'', ''read uncommitted'')';
  now_horizon constant text := format(
    'coalesce((select s.horizon from silver.timeseries_tracked_source s where s.source_id = %s), ''infinity'')', source_id);
  -- A dollar quote that no name within the function is.
  quote text;
begin
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = compile_tracking.source_id;
  select a.atttypid into strict time_type
  from pg_catalog.pg_attribute a
  where a.attrelid = src.source_table and a.attname = src.time_column and not a.attisdropped;
  instant := silver.time_expression('n.', src.time_column, time_type, src.time_zone);

  bins := format('date_bin(%L, %%s, timestamptz ''2000-01-03 00:00Z'')', src.log_unit);
  bin_width := src.log_unit;
  if src.kind = 'derived' then
    -- The rows of a target are at the starts of its buckets, and a child's buckets are made of whole ones: so no more is logged than what changed.
    bins := '%s';
    select case silver.bucket_kind(r.rollup_table_interval, r.bucket_time_zone)
      when 'fixed' then make_interval(secs => extract(epoch from r.rollup_table_interval)::double precision)
      else interval '1 microsecond' end
    into strict bin_width from silver.timeseries_rollup_config r where r.target_table = src.source_table;
  end if;

  select array_agg(k.number order by k.number) as columns,
    coalesce(string_agg(format(', n.%I as silver_%s', k.column_name, k.number), '' order by k.number), '') as inputs,
    string_agg(format('a.attnum = %s and (a.attname <> %L or a.atttypid <> %s)', k.number, k.column_name, k.type), ' or ' order by k.number) as changed
  into strict keys
  from silver.source_keys(source_id) k;
  quote := format('$silver_%s$', md5(src.time_column || keys.inputs));

  select string_agg(format(E'\n  %s tg_op = %L then', case when o.place = 1 then 'if' else 'elsif' end, o.operation)
    -- One statement for rows at the head: with one the trigger takes 14 us of processor time a row, with two it took 19; the insert itself takes 15.
    || case when src.kind = 'raw' then format($look$
    if %s and %s then
      return null;
    end if;$look$, committed_reads, o.none_late) else '' end
    || case when keys.columns is null then o.bins_alone else format($groups$
    select case
      when not (%1$s) or exists (select from pg_catalog.pg_attribute a where a.attrelid = %2$s and (%3$s)) then 'unknown'
      when not exists (select from %4$s offset 1) then 'one'
      when not exists (select from %4$s offset %5$s) then 'few'
      else 'many' end into number; -- Assigned, it would have its target for a parameter, and could be planned at each call.
    if number = 'one' then%6$s
    elsif number = 'few' then%7$s
    elsif number = 'many' then%8$s
    else%9$s
    end if;$groups$,
        committed_reads || case when src.kind = 'derived' then ' and current_setting(''silver.by_difference'', true) is not distinct from ''on''' else '' end,
        src.source_table::oid, keys.changed, o.tables[cardinality(o.tables)], 10000 / cardinality(o.tables),
        silver.log_statement(source_id, o.late, bin_width, keys.columns, case when cardinality(o.tables) = 1 then 'one' else 'few' end),
        silver.log_statement(source_id, o.late, bin_width, keys.columns, 'few'),
        silver.log_statement(source_id, o.late, bin_width, keys.columns, 'many'), o.bins_alone) end, '' order by o.place)
  into strict operations
  from (
    select e.place, e.operation, e.tables,
      string_agg(format('not exists (select from %s n where %s < %s)', t, instant, now_horizon), ' and ') as none_late,
      string_agg(format('select %s as silver_bin%s from %s n where isfinite(%s)', format(bins, instant), keys.inputs, t, instant)
        || case when src.kind = 'raw' then format(' and %s < %s', instant, now_horizon) else '' end, ' union all ') as late,
      case when src.kind = 'raw' then format($horizon$
      select case when %s then %s else 'infinity' end into horizon;$horizon$, committed_reads, now_horizon) else '' end
      || silver.log_statement(source_id, string_agg(format('select %s as silver_bin from %s n where isfinite(%s)', format(bins, instant), t, instant)
        || case when src.kind = 'raw' then format(' and %s < horizon', instant) else '' end, ' union all '), bin_width, null, null) as bins_alone
    from (values (1, 'INSERT', array['silver_new']), (2, 'UPDATE', array['silver_old', 'silver_new']), (3, 'DELETE', array['silver_old']))
      as e (place, operation, tables)
    cross join unnest(e.tables) t
    group by e.place, e.operation, e.tables) as o;

  execute format($function$
create or replace function silver.%1$I() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as %5$s
#variable_conflict use_variable
declare
  horizon timestamptz;
  number text;
  entry bigint;
begin%4$s%3$s
  else
    perform silver.log_touched(%2$s, '{(,)}');
  end if;
  if entry %% 1024 = 0 then
    perform silver.compact_log(%2$s);
  end if;
  return null;
end
%5$s
$function$,
    'track_' || source_id, source_id, operations, case when not src.tracking then E'\n  return null; -- silver.track_off' else '' end, quote);

  execute format($function$
create or replace function silver.%1$I() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as %9$s
begin%8$s
  perform silver.log_touched(%2$s, range_agg(tstzrange(bin, bin + interval %3$L)))
  from (select %4$s as bin where isfinite(%5$s) union select %6$s where isfinite(%7$s)) as bins
  having count(*) > 0;
  return new;
end
%9$s
$function$,
    'track_move_' || source_id, source_id, bin_width,
    format(bins, silver.time_expression('old.', src.time_column, time_type, src.time_zone)),
    silver.time_expression('old.', src.time_column, time_type, src.time_zone),
    format(bins, silver.time_expression('new.', src.time_column, time_type, src.time_zone)),
    silver.time_expression('new.', src.time_column, time_type, src.time_zone),
    case when not src.tracking then E'\n  return new; -- silver.track_off' else '' end, quote);

  -- Row by row: so the bins of the row before, logged in this same transaction, are remembered by a setting local to it, which a
  -- rollback to a savepoint takes back with what it logged.
  execute format($function$
create or replace function silver.%1$I() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as %9$s
#variable_conflict use_variable
declare
  horizon timestamptz := 'infinity';
  touched tstzmultirange;
begin%2$s
  if current_setting('transaction_isolation') in ('read committed', 'read uncommitted') then
    select s.horizon into horizon from silver.timeseries_tracked_source s where s.source_id = %3$s;
    horizon := coalesce(horizon, 'infinity');
  end if;
  select range_agg(tstzrange(bin, bin + interval %4$L)) into touched
  from (
    select %5$s as bin where tg_op <> 'INSERT' and isfinite(%6$s) and %6$s < horizon
    union
    select %7$s where tg_op <> 'DELETE' and isfinite(%8$s) and %8$s < horizon
  ) as bins;
  if touched is not null and current_setting('silver.applied_%3$s', true) is distinct from touched::text then
    perform silver.log_touched(%3$s, touched), set_config('silver.applied_%3$s', touched::text, true);
  end if;
  return null;
end
%9$s
$function$,
    'track_apply_' || source_id, case when not src.tracking then E'\n  return null; -- silver.track_off' else '' end, source_id, bin_width,
    format(bins, silver.time_expression('old.', src.time_column, time_type, src.time_zone)),
    silver.time_expression('old.', src.time_column, time_type, src.time_zone),
    format(bins, silver.time_expression('new.', src.time_column, time_type, src.time_zone)),
    silver.time_expression('new.', src.time_column, time_type, src.time_zone), quote);

  execute format('revoke all on function silver.%I(), silver.%I(), silver.%I() from public',
    'track_' || source_id, 'track_move_' || source_id, 'track_apply_' || source_id);
  if to_regrole('silver_admin') is not null then -- Who creates a trigger must be allowed to call its function.
    execute format('grant execute on function silver.%I(), silver.%I(), silver.%I() to silver_admin',
      'track_' || source_id, 'track_move_' || source_id, 'track_apply_' || source_id);
  end if;
end
$$;

revoke all on function silver.compile_tracking(integer) from public;
