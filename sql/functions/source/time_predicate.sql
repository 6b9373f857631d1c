-- silver.time_predicate(prefix, column, type, zone, lo, hi): SQL that is true for rows whose instant is in [lo, hi); `lo`
-- and `hi` are SQL text of type timestamptz. Written so that indexes and partition bounds on the bare column serve it. Local time
-- is not monotone in the instant where clocks are turned back, so a zoned column is searched a day wider and then
-- tested by its instant. Immutable; takes no locks.
create or replace function silver.time_predicate(
  prefix text, time_column name, time_type regtype, zone text, lo text, hi text)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
declare
  col text := format('%s%I', prefix, time_column);
  instant text := silver.time_expression(prefix, time_column, time_type, zone);
begin
  if time_type = 'timestamptz'::regtype then
    return format('%1$s >= %2$s and %1$s < %3$s', col, lo, hi);
  end if;
  if zone = 'UTC' then
    return format('%1$s >= (%2$s at time zone ''UTC'') and %1$s < (%3$s at time zone ''UTC'')', col, lo, hi);
  end if;
  return format(
    '%1$s >= (%2$s at time zone ''UTC'') - interval ''2 days'' and %1$s < (%3$s at time zone ''UTC'') + interval ''2 days'' '
    'and %4$s >= %2$s and %4$s < %3$s', col, lo, hi, instant);
end
$$;
