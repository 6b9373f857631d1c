-- silver.check_target_name(target_schema, target_table_name): refuses a name under which no target can be made.
-- Errors: 3F000 no such schema; 42602 no name for a table; 42501 a schema that belongs to Silver or to PostgreSQL. Each names the argument.
-- Stable; takes no locks.
create or replace function silver.check_target_name(target_schema text, target_table_name text)
returns void
language plpgsql stable
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select from pg_catalog.pg_namespace n where n.nspname = target_schema and octet_length(target_schema) <= 63) then
    raise exception 'target_schema: there is no schema %', coalesce(quote_ident(target_schema), 'null')
      using errcode = '3F000', hint = 'Create it first, or name another, as it is stored, without quotes.';
  end if;
  if target_schema in ('silver', 'silver_live', 'silver_pgboss', 'information_schema') or target_schema like 'pg\_%' then
    raise exception 'target_schema: % is no place for tables of your own', target_schema
      using errcode = '42501', hint = 'Name another schema, such as that of the source.';
  end if;
  if target_table_name is null or target_table_name = '' or octet_length(target_table_name) > 63 then
    raise exception 'target_table_name: % is no name for a table', coalesce(quote_ident(target_table_name), 'null')
      using errcode = '42602', hint = 'A name has 1 to 63 bytes; give it as it is to be stored, without quotes.';
  end if;
end
$$;
