-- silver.resolve_source(argument, source): the id of the source of that name with tracking triggers of its own, as the caller's search_path
-- finds it. Errors: 42P01 no such table, 22023 no raw source, naming the argument. Stable; takes no locks. Sets no search_path for that reason.
create or replace function silver.resolve_source(argument text, source text)
returns integer
language plpgsql stable
as $$
declare
  named regclass := silver.resolve_table(argument, source);
  found_id integer;
begin
  select s.source_id into found_id from silver.timeseries_tracked_source s where s.source_table = named and s.kind = 'raw';
  if found_id is null then
    raise exception '%: % is not a source with tracking triggers of its own', argument, named
      using errcode = '22023', hint = 'SELECT source_table FROM silver.timeseries_tracked_source WHERE kind = ''raw'';';
  end if;
  return found_id;
end
$$;
