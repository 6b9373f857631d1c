-- silver.allow_null(rollup_id, col): lets a column of the target be null, because its source column may be now. A dimension cannot be
-- within a primary key then: a unique key takes its place in which nulls are equal.
-- Locks: ACCESS EXCLUSIVE on the target, while the key is built where it is a dimension.
create or replace function silver.allow_null(rollup_id integer, col silver.timeseries_rollup_column)
returns void
language plpgsql strict
set search_path = pg_catalog, pg_temp
as $$
declare
  target regclass;
  primary_key name;
begin
  select r.target_table into strict target from silver.timeseries_rollup_config r where r.rollup_id = allow_null.rollup_id;
  if col.role = 'dimension' then
    select k.conname into primary_key from pg_catalog.pg_constraint k where k.conrelid = target and k.contype = 'p';
    if found then
      execute format('alter table %s add unique nulls not distinct (%s), drop constraint %I', target,
        (select string_agg(quote_ident(c.column_name), ', ' order by c.position) from silver.timeseries_rollup_column c
         where c.rollup_id = allow_null.rollup_id and c.role in ('time', 'dimension')), primary_key);
    end if;
  end if;
  execute format('alter table %s alter column %I drop not null', target, col.column_name);
end
$$;
