import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Argument, readCatalog } from '../../docs/reference/read-catalog.ts';
import { referenceGroups } from '../../docs/reference/reference-groups.ts';
import { databaseUrl, onServer } from '../../support/on-server.ts';
import { seed } from '../../support/seed.ts';
import { createTestDatabase, type TestDatabase } from '../../support/use-database.ts';
import { type HostileValue, hostileValues } from './hostile-values.ts';

const callsOf = (name: string) => (name === 'create_rollup_table' ? 250 : 30);

/** What people may be told; anything else is a mistake of ours that came to the surface. */
const clearErrors: ReadonlySet<string> = new Set([
  '22004', // a null
  '22008', // out of the range of time, in time_bucket
  '22023', // a value that is not possible
  '22025', // a pattern that ends in a backslash, in get_detailed_stats
  '2BP01', // others depend on it
  '3F000', // no such schema
  '42501', // not allowed
  '42602', // no name
  '42701', // a name twice
  '42702', // several would fit
  '42703', // no such column
  '42710', // declared otherwise
  '42809', // wrong kind of relation
  '42P01', // no such table
  '42P07', // exists
  '54000', // too much
  '54011', // too many columns
  '55000', // not in the state for it
  '55P03', // busy
  'P0002', // no such chunk; told apart from a row that Silver itself missed by its message
]);

const leaks =
  /syntax error|violates|cache lookup|unexpected|column reference|query returned|invalid input syntax|malformed|does not exist at character|record "|null value in/i;

const routines = referenceGroups.flatMap((group) => group.routines);
let prepared: TestDatabase;
let catalog: Awaited<ReturnType<typeof readCatalog>>;
let infinity: boolean;

beforeAll(async () => {
  prepared = await createTestDatabase();
  catalog = await readCatalog(prepared.query as never);
  await prepared.query(`
    create schema app;
    create table app.readings (at timestamptz not null, device text, value double precision, note text, payload jsonb,
      "Odd ""Column""; --" integer, "select" boolean);
    create index an_index on app.readings (at);
    insert into app.readings select '2026-01-01Z'::timestamptz + n * interval '10 minutes', 'd' || n % 2, n, 'n', '{}', n, true from generate_series(1, 300) n;
    create table app."Odd; drop table ""x""" (like app.readings);
    create table app."Select" (like app.readings);
    create table app.two_times (a timestamptz, b timestamptz);
    create view app.a_view as select * from app.readings;
    create unlogged table app.unlogged (like app.readings);
    create sequence app.a_sequence;
    select silver.create_rollup_table('app.readings', 'app', 'hourly', '1 hour', start_from => '2026-01-01Z', dimensions => '{device}');
    select silver.create_rollup_table('app.hourly', 'app', 'daily', '1 day', start_from => '2026-01-01Z')`);
  await prepared.query('call silver.run_rollups()');
  const [server] = await prepared.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  );
  infinity = (server?.version ?? 0) >= 170_000;
  // A database that is copied has no sessions.
  await prepared.close();
});
afterAll(() => prepared.drop());

describe(`hostile calls (seed ${seed})`, () => {
  it.each(routines)(
    '%s succeeds or says what is wrong, and then has changed nothing',
    async (name) => {
      const copy = `${prepared.name}_h`;
      await onServer(inject('serverUrl'), `create database ${copy} template ${prepared.name}`);
      try {
        await callWithHostileValues(databaseUrl(inject('serverUrl'), copy), name);
      } finally {
        await onServer(inject('serverUrl'), `drop database if exists ${copy} with (force)`);
      }
    },
    300_000,
  );
});

async function callWithHostileValues(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'silver test' });
  await client.connect();
  try {
    // A call may wait for nothing here but itself.
    await client.query(`set statement_timeout = '20s'; set client_min_messages = error`);
    const overloads = catalog.routines.filter((routine) => routine.name === name);
    expect(overloads).not.toEqual([]);
    let before = await snapshot(client);
    let succeeded = 0;
    const refusals = new Set<string>();
    for (const { kind, arguments: all } of overloads) {
      const given = all.filter(({ mode }) => mode !== 'out');
      if (given.length === 0) continue; // There is nothing to pass.
      await fc.assert(
        fc.asyncProperty(hostileCall(name, given), async (call) => {
          const error = await attempt(client, kind, name, given, call);
          if (error === undefined) {
            succeeded += 1;
            if (kind === 'procedure') before = await snapshot(client);
          } else {
            refusals.add(`${error.code} ${error.message.slice(0, 25)}`);
            expect(await snapshot(client)).toBe(before);
            const told = `${error.code}: ${error.message}`;
            expect(clearErrors.has(error.code ?? ''), told).toBe(true);
            expect(error.message, told).not.toMatch(leaks);
            expect(error.message.length, told).toBeGreaterThan(10);
          }
        }),
        { numRuns: callsOf(name), seed },
      );
    }
    if (name === 'create_rollup_table') {
      // Or the calls would not have come past its first checks.
      expect(succeeded).toBeGreaterThan(20);
      expect(refusals.size).toBeGreaterThan(20);
    }
  } finally {
    await client.end();
  }
}

/** What a caller who means well passes; an argument with a default is left out. {n} is another number each time. */
const usual: Readonly<Record<string, string>> = {
  source_table_name: 'app.readings',
  target_schema: 'app',
  target_table_name: 'app.hourly',
  'create_rollup_table.target_table_name': 'made {n}',
  rollup_table_interval: '2 hours',
  table_name: 'app.hourly',
  parent_table_name: 'app.hourly',
  table_pattern: '%',
  bucket_width: '1 hour',
  ts: '2026-01-01Z',
  value: 'v',
  time: '2026-01-01Z',
  chunk_id: '1',
  rollup_id: '1',
};

/** Three of four calls are hostile in one or two arguments, so that they come past the first check; the others in all. */
function hostileCall(
  name: string,
  given: readonly Argument[],
): fc.Arbitrary<(HostileValue | undefined)[]> {
  const hostile = given.map((argument) => {
    const values = hostileValues(argument.type === 'anyelement' ? 'text' : argument.type, infinity);
    return argument.default === null ? values : fc.option(values, { freq: 3, nil: undefined });
  });
  const meant = given.map((argument) =>
    argument.default === null || argument.name in usual
      ? (usual[`${name}.${argument.name}`] ?? usual[argument.name] ?? null)
      : undefined,
  );
  const places = fc.uniqueArray(fc.nat({ max: given.length - 1 }), { minLength: 1, maxLength: 2 });
  const few = fc
    .tuple(fc.tuple(...hostile), places)
    .map(([values, at]) =>
      meant.map((value, index) => (at.includes(index) ? values[index] : value)),
    );
  return fc.oneof(few, few, few, fc.tuple(...hostile));
}

let calls = 0;

async function attempt(
  client: pg.Client,
  kind: string,
  name: string,
  given: readonly Argument[],
  call: readonly (HostileValue | undefined)[],
): Promise<pg.DatabaseError | undefined> {
  const passed = given.flatMap(({ name: argument, type }, index) => {
    const value = call[index];
    return value === undefined
      ? []
      : [{ argument, type: type === 'anyelement' ? 'text' : type, value }];
  });
  // Named where it can be: the aggregates take their arguments by position alone.
  const list = passed.map(({ argument, type }, index) => {
    const value = type.includes('.')
      ? `jsonb_populate_record(null::${type}, $${index + 1}::jsonb)`
      : `$${index + 1}::${type}`;
    return kind === 'aggregate' ? value : `"${argument}" => ${value}`;
  });
  const statement =
    kind === 'procedure'
      ? `call silver.${name}(${list.join(', ')})`
      : `select * from (select silver.${name}(${list.join(', ')})) as called`;
  const values = passed.map(({ value }) => value?.replaceAll('{n}', String(calls)) ?? null);
  calls += 1;
  // What succeeds is taken back, so that all calls meet the same state; a procedure commits what it does.
  if (kind !== 'procedure') await client.query('begin');
  try {
    await client.query(statement, values);
    return undefined;
  } catch (error) {
    return error as pg.DatabaseError;
  } finally {
    if (kind !== 'procedure') await client.query('rollback');
  }
}

/** Everything of the catalog that a function of Silver could change, and Silver's own tables but the logs of what was done. */
async function snapshot(client: pg.Client): Promise<string> {
  const { rows } = await client.query(snapshotQuery);
  return rows[0].snapshot;
}

const snapshotQuery = `
select md5(string_agg(part, '|' order by part)) as snapshot
from (
  select concat_ws(' ', 'class', c.oid, c.relname, c.relkind, c.relowner, c.relacl, pg_get_expr(c.relpartbound, c.oid)) as part
  from pg_class c where c.relnamespace not in ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)
  union all select concat_ws(' ', 'attribute', attrelid, attname, atttypid, attnum, attnotnull, attisdropped) from pg_attribute where attrelid >= 16384
  union all select concat_ws(' ', 'routine', oid, proname, md5(prosrc), proacl) from pg_proc where oid >= 16384
  union all select concat_ws(' ', 'trigger', oid, tgrelid, tgname, tgenabled) from pg_trigger
  union all select concat_ws(' ', 'constraint', oid, conname) from pg_constraint where oid >= 16384
  union all select concat_ws(' ', 'schema', oid, nspname, nspacl) from pg_namespace where nspname not like 'pg\\_%'
  union all select concat_ws(' ', 'description', objoid, objsubid, description) from pg_description where objoid >= 16384
  union all select concat_ws(' ', 'rollup', c::text) from silver.timeseries_rollup_config c
  union all select concat_ws(' ', 'column', c::text) from silver.timeseries_rollup_column c
  union all select concat_ws(' ', 'statement', c::text) from silver.timeseries_rollup_statement c
  union all select concat_ws(' ', 'source', c::text) from silver.timeseries_tracked_source c
  union all select concat_ws(' ', 'progress', c::text) from silver.timeseries_progress c
  union all select concat_ws(' ', 'chunk', c::text) from silver.timeseries_chunk c
) as parts`;
