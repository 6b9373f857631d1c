-- silver.resolve_rollup(argument, target): the rollup whose target this is, as the caller's search_path finds it. A target that was dropped
-- behind Silver's back has no name left: it is found by its number, as validate_rollup_config shows it.
-- Errors: 42P01 no such table, 22023 not a target, naming the argument. Stable; takes no locks. Sets no search_path for that reason.
create or replace function silver.resolve_rollup(argument text, target text)
returns silver.timeseries_rollup_config
language plpgsql stable
as $$
declare
  named oid;
  r silver.timeseries_rollup_config;
begin
  if target ~ '^[0-9]{1,10}$' and lpad(target, 10, '0') <= '4294967295' then
    named := target::oid;
  else
    named := silver.resolve_table(argument, target);
  end if;
  select * into r from silver.timeseries_rollup_config c where c.target_table = named;
  if r.rollup_id is null then
    raise exception '%: % is not the target of a rollup', argument, named::regclass
      using errcode = '22023', hint = 'SELECT target_table FROM silver.timeseries_rollup_config;';
  end if;
  return r;
end
$$;
