-- silver.uninstall(cascade_views): removes Silver from the database: every rollup with its live view, the tracking triggers of every source, the queue, and the schemas silver,
-- silver_live and silver_pgboss, this function among them. The targets stay, as tables like any other, with all of their rows; roles stay, for they
-- belong to the server. All or nothing. Returns the targets.
--   cascade_views  also drop what people made that depends on Silver, such as a view that calls silver.time_bucket
-- Errors: 2BP01 something depends on Silver, naming it; 55P03 a chunk runs, or a table is busy, for longer than five seconds; 42501 not the owner.
-- It sets no search_path, so that it names the targets as its caller would.
-- Locks: ACCESS EXCLUSIVE on sources while their triggers go, and on everything that goes.
create or replace function silver.uninstall(cascade_views boolean default false)
returns setof text
language plpgsql
set lock_timeout = '5s'
as $$
declare
  r record;
  dependents text;
  targets text[];
begin
  select array_agg(c.target_table::text order by c.rollup_id) into targets from silver.timeseries_rollup_config c;
  for r in select c.target_table from silver.timeseries_rollup_config c order by c.rollup_id desc loop
    perform silver.drop_rollup(r.target_table::text);
  end loop;
  select string_agg(distinct pg_catalog.pg_describe_object(d.classid, d.objid, 0), ', ') into dependents
  from pg_catalog.pg_depend d
  join (
    select 'pg_catalog.pg_proc'::regclass as class, p.oid from pg_catalog.pg_proc p where p.pronamespace = 'silver'::regnamespace
    union all
    select 'pg_catalog.pg_class'::regclass, k.oid from pg_catalog.pg_class k where k.relnamespace = 'silver'::regnamespace
    union all
    select 'pg_catalog.pg_type'::regclass, t.oid from pg_catalog.pg_type t where t.typnamespace = 'silver'::regnamespace
  ) as ours on ours.class = d.refclassid and ours.oid = d.refobjid
  left join pg_catalog.pg_rewrite w on d.classid = 'pg_catalog.pg_rewrite'::regclass and w.oid = d.objid
  left join pg_catalog.pg_class k on k.oid = w.ev_class or d.classid = 'pg_catalog.pg_class'::regclass and k.oid = d.objid
  left join pg_catalog.pg_proc p on d.classid = 'pg_catalog.pg_proc'::regclass and p.oid = d.objid
  left join pg_catalog.pg_attrdef f on d.classid = 'pg_catalog.pg_attrdef'::regclass and f.oid = d.objid
  left join pg_catalog.pg_class fk on fk.oid = f.adrelid
  left join pg_catalog.pg_trigger t on d.classid = 'pg_catalog.pg_trigger'::regclass and t.oid = d.objid
  left join pg_catalog.pg_class tk on tk.oid = t.tgrelid
  where d.deptype in ('n', 'a')
    and coalesce(k.relnamespace, p.pronamespace, fk.relnamespace, tk.relnamespace) not in (
      'silver'::regnamespace, 'silver_live'::regnamespace, 'pg_catalog'::regnamespace, 'pg_toast'::regnamespace);
  if dependents is not null and not cascade_views then
    raise exception 'something depends on Silver: %', dependents using errcode = '2BP01',
      hint = 'Drop it first; or pass cascade_views => true, and it goes too.';
  end if;
  drop schema if exists silver_pgboss cascade;
  drop schema silver_live cascade;
  drop schema silver cascade;
  return query select unnest(targets);
end
$$;
