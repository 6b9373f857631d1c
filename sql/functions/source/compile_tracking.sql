-- silver.compile_tracking(source_id): (re)creates the trigger functions of a source, silver.track_<id>() for statements,
-- silver.track_move_<id>() for rows that move between partitions and silver.track_apply_<id>() for rows that logical replication applies.
-- Generated, so that the common path runs a cached plan: one look at the horizon and the smallest time, nothing written at the head.
-- What they log goes through silver.log_touched. Statements at READ COMMITTED log the groups they touched too, old ones and new ones
-- (silver.log_groups), while the columns of the dimensions are what they were when this was compiled: else, and in the row triggers, bins alone. On the
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
  look text := '';
  keys record;
  bin text;
  below text;
  to_groups text;
  -- From the rows of a statement, new and old: what was touched, and which groups.
  by_bins constant text := $by_bins$
      select range_agg(tstzrange(bin, bin + interval %L)) into touched
      from (%s) as bins;$by_bins$;
  -- A dollar quote that no name within the function is.
  quote text;
begin
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = compile_tracking.source_id;
  select a.atttypid into strict time_type
  from pg_catalog.pg_attribute a
  where a.attrelid = src.source_table and a.attname = src.time_column and not a.attisdropped;

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
  if src.kind = 'raw' then
    -- One statement for a row at the head: with one the trigger takes 14 us of processor time a row, with two it took 19; the insert itself takes 15.
    look := format($look$
  if current_setting('transaction_isolation') in ('read committed', 'read uncommitted') then
    if tg_op = 'INSERT' then
      if not exists (
        select from silver_new n
        where %2$s < coalesce((select s.horizon from silver.timeseries_tracked_source s where s.source_id = %1$s), 'infinity'))
      then
        return null;
      end if;
    end if;
    select s.horizon into horizon from silver.timeseries_tracked_source s where s.source_id = %1$s;
    horizon := coalesce(horizon, 'infinity');
  end if;$look$, source_id, silver.time_expression('n.', src.time_column, time_type, src.time_zone));
  end if;

  bin := format(bins, silver.time_expression('n.', src.time_column, time_type, src.time_zone));
  below := format('isfinite(%1$s) and %1$s < horizon', silver.time_expression('n.', src.time_column, time_type, src.time_zone));
  select count(*) as number, array_agg(k.number order by k.number) as columns,
    string_agg(format(', n.%I as silver_%s', k.column_name, k.number), '' order by k.number) as inputs,
    string_agg(format('g.silver_%s', k.number), ', ' order by k.number) as outputs,
    string_agg(format('(%s, name %L, %s)', k.number, k.column_name, k.type), ', ' order by k.number) as known
  into strict keys
  from silver.source_keys(source_id) k;
  quote := format('$silver_%s$', md5(src.time_column || coalesce(keys.inputs, '')));
  if keys.number > 0 then
    to_groups := format($groups$
  if current_setting('transaction_isolation') in ('read committed', 'read uncommitted')%s
    and (select count(*) = %s from pg_catalog.pg_attribute a join (values %s) as k (number, name, type)
      on a.attnum = k.number and a.attname = k.name and a.atttypid = k.type where a.attrelid = %s and not a.attisdropped)
  then
    case tg_op%s
    end case;
    if touched is not null then
      perform silver.log_groups(%s, silver.coalesce_ranges(touched, 1000), bins, keys, interval %L, %L);
    end if;
    return null;
  end if;$groups$,
      case when src.kind = 'derived' then E' and current_setting(''silver.by_difference'', true) = ''on''' else '' end,
      keys.number, keys.known, src.source_table::oid,
      (select string_agg(format($case$
      %s
        with silver_group as materialized (
          %s
        ), silver_few as materialized (select * from silver_group limit 10001)
        select (select range_agg(tstzrange(b.silver_bin, b.silver_bin + interval %L)) from (select distinct g.silver_bin from silver_group g) as b),
          array_agg(g.silver_bin), array_agg(jsonb_build_array(%s))
        into touched, bins, keys from silver_few g;$case$,
        o.at, (select string_agg(format('select distinct %s as silver_bin%s from %s n where %s', bin, keys.inputs, t, below), E'\n          union\n          ') from unnest(o.tables) t),
        bin_width, keys.outputs), '' order by o.at desc)
      from (values ('when ''INSERT'' then', array['silver_new']), ('when ''DELETE'' then', array['silver_old']),
        ('else', array['silver_new', 'silver_old'])) as o (at, tables)),
      source_id, bin_width, keys.columns);
  end if;

  execute format($function$
create or replace function silver.%1$I() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as %7$s
#variable_conflict use_variable
declare
  horizon timestamptz := 'infinity';
  touched tstzmultirange;
  bins timestamptz[];
  keys jsonb[];
begin%6$s
  if tg_op = 'TRUNCATE' then
    perform silver.log_touched(%2$s, '{(,)}');
    return null;
  end if;%3$s%4$s
  case tg_op%5$s
  end case;
  if touched is not null then
    perform silver.log_touched(%2$s, silver.coalesce_ranges(touched, 1000));
  end if;
  return null;
end
%7$s
$function$,
    'track_' || source_id, source_id, look, to_groups,
    format(E'\n    when ''INSERT'' then%s\n    when ''DELETE'' then%s\n    else%s',
      format(by_bins, bin_width, format('select distinct %s as bin from silver_new n where %s', bin, below)),
      format(by_bins, bin_width, format('select distinct %s as bin from silver_old n where %s', bin, below)),
      format(by_bins, bin_width, format('select distinct %s as bin from silver_new n where %s union select distinct %1$s as bin from silver_old n where %2$s', bin, below))),
    case when not src.tracking then E'\n  return null; -- silver.track_off' else '' end, quote);

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
