-- silver.check_dimensions_there(rollup_id): refuses a rollup of whose dimensions one is gone from its source, or cannot be grouped by any more: its
-- groups would be others. Errors: 55000 with the remedy. Stable; takes no locks.
create or replace function silver.check_dimensions_there(rollup_id integer)
returns void
language plpgsql stable strict
set search_path = pg_catalog, pg_temp
as $$
declare
  r silver.timeseries_rollup_config;
  src silver.timeseries_tracked_source;
  gone text;
begin
  select * into strict r from silver.timeseries_rollup_config c where c.rollup_id = check_dimensions_there.rollup_id;
  select * into strict src from silver.timeseries_tracked_source s where s.source_id = r.source_id;
  select string_agg(quote_ident(c.metric), ', ' order by c.position) into gone
  from silver.timeseries_rollup_column c
  where c.rollup_id = r.rollup_id and c.role = 'dimension' and not exists (
    select from silver.source_columns(src.source_table,
      case src.kind when 'derived' then (select p.rollup_id from silver.timeseries_rollup_config p where p.target_table = src.source_table) end, r.rollup_id) a
    where a.known_as = c.metric and silver.has_equality(a.type));
  if gone is not null then
    raise exception '% has no dimension % any more, by which % is grouped', src.source_table, gone, r.target_table
      using errcode = '55000', hint = format('Put the column back; or SELECT silver.drop_rollup(%L); and create it again without that dimension.', r.target_table::text);
  end if;
end
$$;
