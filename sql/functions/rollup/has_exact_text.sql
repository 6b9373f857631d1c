-- silver.has_exact_text(type): whether two values of the type are equal exactly when their texts are, so that a group by the value
-- is one by its text. Not so for floating-point numbers (-0 = 0), numeric (1.0 = 1.00), interval (1 day = 24 hours), types that
-- ignore case, and what is made of such: arrays, ranges, composites. Texts count because they are compared byte by byte (collate "C").
-- Immutable but for the list of types; takes no locks.
create or replace function silver.has_exact_text(type regtype)
returns boolean
language sql stable strict
set search_path = pg_catalog, pg_temp
as $$
  select t.typtype = 'e' or t.oid in ('boolean'::regtype, 'text'::regtype, 'varchar'::regtype, 'bpchar'::regtype, 'name'::regtype,
    '"char"'::regtype, 'uuid'::regtype, 'date'::regtype, 'time'::regtype, 'timetz'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype,
    'bytea'::regtype, 'inet'::regtype, 'cidr'::regtype, 'macaddr'::regtype, 'macaddr8'::regtype, 'bit'::regtype, 'varbit'::regtype,
    'oid'::regtype, 'pg_lsn'::regtype, 'smallint'::regtype, 'integer'::regtype, 'bigint'::regtype)
  from pg_catalog.pg_type t where t.oid = silver.base_type(type)
$$;
