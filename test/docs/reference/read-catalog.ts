import type { QueryResultRow } from 'pg';

/** The schema silver as PostgreSQL describes it: what the reference must agree with. */
export interface Catalog {
  readonly routines: readonly Routine[];
  readonly relations: readonly Relation[];
}

/** A function, procedure or aggregate. */
export interface Routine {
  readonly name: string;
  readonly kind: 'function' | 'procedure' | 'aggregate';
  readonly arguments: readonly Argument[];
  /** Null for a procedure. */
  readonly result: string | null;
  readonly volatility: 'immutable' | 'stable' | 'volatile';
  readonly parallelSafe: boolean;
  readonly securityDefiner: boolean;
  /** Whether EXECUTE was taken from PUBLIC. */
  readonly closed: boolean;
}

export interface Argument {
  readonly name: string;
  readonly type: string;
  /** in: passed; out: a column returned; inout: both. */
  readonly mode: 'in' | 'out' | 'inout';
  readonly default: string | null;
}

/** A table or view. */
export interface Relation {
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly comment: string | null;
  readonly columns: readonly Column[];
  readonly constraints: readonly string[];
}

export interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly default: string | null;
  readonly comment: string | null;
}

/** Runs a statement and returns its rows. */
export type Query = <Row extends QueryResultRow>(text: string) => Promise<Row[]>;

/** Reads the schema silver of a migrated database that has no rollup yet. */
export async function readCatalog(query: Query): Promise<Catalog> {
  return {
    routines: await query<Routine>(routineQuery),
    relations: await query<Relation>(relationQuery),
  };
}

/** timestamptz is shorter, and what people write. */
function shortType(expression: string): string {
  return `replace(replace(${expression}, 'timestamp with time zone', 'timestamptz'), 'timestamp without time zone', 'timestamp')`;
}

const routineQuery = `
select p.proname as name,
  case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind,
  (select coalesce(json_agg(json_build_object(
      'name', coalesce(p.proargnames[n], '$' || n),
      'type', ${shortType('format_type(t.type, null)')},
      'mode', case coalesce(p.proargmodes[n], 'i') when 'b' then 'inout' when 'o' then 'out' when 't' then 'out' else 'in' end,
      'default', case when coalesce(p.proargmodes[n], 'i') in ('i', 'b', 'v') then pg_get_function_arg_default(p.oid, (
        select count(*) from generate_series(1, n) as k
        where coalesce(p.proargmodes[k], 'i') in ('i', 'b', 'v'))::integer) end
    ) order by n), '[]')
   from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality as t (type, at),
     lateral (select t.at::integer as n) as numbered) as arguments,
  ${shortType('pg_get_function_result(p.oid)')} as result,
  case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end as volatility,
  p.proparallel = 's' as "parallelSafe",
  p.prosecdef as "securityDefiner",
  not has_function_privilege('public', p.oid, 'execute') as closed
from pg_proc p
where p.pronamespace = 'silver'::regnamespace
order by p.proname, p.oid`;

const relationQuery = `
select c.relname as name,
  case when c.relkind in ('v', 'm') then 'view' else 'table' end as kind,
  obj_description(c.oid, 'pg_class') as comment,
  (select coalesce(json_agg(json_build_object(
      'name', a.attname,
      'type', ${shortType('format_type(a.atttypid, a.atttypmod)')},
      'nullable', not a.attnotnull,
      'default', case when a.attidentity <> '' then 'by sequence' else pg_get_expr(d.adbin, d.adrelid) end,
      'comment', col_description(c.oid, a.attnum)) order by a.attnum), '[]')
   from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
  -- PostgreSQL 18 lists NOT NULL here too, which the columns say already.
  (select coalesce(json_agg(pg_get_constraintdef(n.oid) order by n.contype = 'c', n.contype desc, n.conname), '[]')
   from pg_constraint n where n.conrelid = c.oid and n.contype <> 'n') as constraints
from pg_class c
where c.relnamespace = 'silver'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
order by c.relname`;
