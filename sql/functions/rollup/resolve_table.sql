-- silver.resolve_table(argument, name): the table of that name, as the caller's search_path finds it.
-- Errors: 42P01, naming the argument. Sets no search_path for that reason. Stable; takes no locks.
create or replace function silver.resolve_table(argument text, name text)
returns regclass
language plpgsql stable
as $$
declare
  found_table regclass;
begin
  begin
    if btrim(name) = '' then
      raise invalid_name using message = 'it is empty';
    end if;
    -- A number is none, though newer versions of PostgreSQL take it for an oid, and a dash for no table.
    found_table := case when name !~ '^\s*(\d+|-)\s*$' then to_regclass(name) end;
  exception when others then
    raise exception '%: % is no name of a table: %', argument, quote_literal(name), sqlerrm
      using errcode = '42602', hint = 'Write it as in SQL: schema.table, with double quotes where SQL wants them.';
  end;
  if found_table is null then
    raise exception '%: there is no table %', argument, coalesce(name, 'null')
      using errcode = '42P01', hint = 'Write it as in SQL: schema.table, with double quotes where SQL wants them.';
  end if;
  return found_table;
end
$$;
