-- silver.resolve_time_column(source, time_column): the time column of a source: the one asked for, or the only candidate.
-- Candidates are columns of timestamptz, timestamp or date; a timestamptz is preferred to the others.
-- Errors: 42703 (no such column, or none fits), 42702 (several fit), each naming what to pass. Stable; takes no locks.
create or replace function silver.resolve_time_column(source regclass, time_column text)
returns name
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
declare
  candidates name[];
  preferred name[];
begin
  if time_column is not null then
    perform from pg_catalog.pg_attribute a
    where a.attrelid = source and a.attname = time_column and a.attnum > 0 and not a.attisdropped;
    if not found then
      raise exception 'time_column: % has no column %', source, quote_ident(time_column)
        using errcode = '42703', hint = 'Name a column of type timestamptz, timestamp or date.';
    end if;
    return time_column;
  end if;
  select array_agg(a.attname order by a.attnum),
    array_agg(a.attname order by a.attnum) filter (where a.atttypid = 'timestamptz'::regtype)
  into candidates, preferred
  from pg_catalog.pg_attribute a
  where a.attrelid = source and a.attnum > 0 and not a.attisdropped
    and a.atttypid in ('timestamptz'::regtype, 'timestamp'::regtype, 'date'::regtype);
  candidates := coalesce(preferred, candidates);
  if candidates is null then
    raise exception '% has no time column', source
      using errcode = '42703', hint = 'A source needs a column of type timestamptz, timestamp or date.';
  end if;
  if cardinality(candidates) > 1 then
    raise exception '% has several time columns: %', source, candidates
      using errcode = '42702', hint = format('Pass one of them, such as time_column => %L.', candidates[1]);
  end if;
  return candidates[1];
end
$$;
