-- silver.error_patterns(within): what went wrong lately, by rollup and kind: failed attempts of the error log, of each rollup the most frequent SQLSTATE first.
--   within         how far back to look
--   rollup_id      whose attempts
--   sql_state      of the errors; none: the error was not of PostgreSQL
--   failures       attempts that failed so
--   chunks         of how many chunks
--   last_at        when it happened last
--   last_message   what was said then
-- Errors: 22004 a null interval; 22023 a negative one. Stable; takes no locks.
create or replace function silver.error_patterns(within interval default '1 hour')
returns table (rollup_id integer, sql_state text, failures bigint, chunks bigint, last_at timestamptz, last_message text)
language plpgsql stable
rows 5
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
  if within is null then
    raise exception 'within: must not be null' using errcode = '22004', hint = 'Pass how far back to look, such as ''1 hour''.';
  elsif within < interval '0' then
    raise exception 'within: % is negative', within using errcode = '22023', hint = 'Pass how far back to look, such as ''1 hour''.';
  end if;
  return query
    select r.rollup_id, e.sql_state, e.failures, e.chunks, e.last_at, e.last_message
    from silver.timeseries_rollup_config r
    cross join lateral (
      select coalesce(l.sql_state, 'none') as sql_state, count(*) as failures, count(distinct l.chunk_id) as chunks, max(l.occurred_at) as last_at,
        (array_agg(l.error_message order by l.occurred_at desc, l.error_id desc))[1] as last_message
      from silver.timeseries_error_log l
      where l.rollup_id = r.rollup_id and l.occurred_at > now() - within
      group by 1
    ) as e
    order by r.rollup_id, e.failures desc, e.sql_state;
end
$$;
