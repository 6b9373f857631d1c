import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly } from '../../integration/readings.ts';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();
const functions = fileURLToPath(new URL('../../../sql/functions', import.meta.url));

beforeAll(async () => {
  await createReadings(database, 1);
  await declareHourly(database);
});

/**
 * Functions that run with the rights of Silver's owner, and why. One that is not here fails the test below: first say why it must.
 * `open`: executable by PUBLIC, because live views call it with the rights of their reader; without USAGE on the schema nobody can name it.
 */
const definers: Readonly<Record<string, { readonly why: string; readonly open?: true }>> = {
  adopt_source: { why: 'a scheduler owns no source, and only an owner may give a table triggers' },
  analyze_target: { why: 'maintenance owns no target, and only an owner may analyze' },
  buckets_between: { why: 'part of a live view', open: true },
  compile_tracking: {
    why: 'the trigger functions belong to the owner of Silver, who may write its log',
  },
  drop_partition: { why: 'maintenance owns no target, and only an owner may drop' },
  drop_tracking: { why: 'as compile_tracking' },
  ensure_partitions: { why: 'a worker owns no target, and only an owner may attach' },
  live_bounds: { why: 'part of a live view', open: true },
  lock_for_drop: { why: 'as drop_partition' },
  oldest_snapshot_age: { why: 'the age of sessions of others' },
  switch_tracking: { why: 'an operator owns no source' },
  unsettled: { why: 'part of a live view', open: true },
};

interface Routine {
  readonly name: string;
  readonly schema: string;
  readonly definer: boolean;
  readonly pinned: string | null;
  readonly open: boolean;
  readonly bound: boolean;
  readonly language: string;
  readonly source: string;
}

const routines = () =>
  database.query<Routine & Record<string, unknown>>(
    `select p.proname as name, n.nspname as schema, p.prosecdef as definer,
       (select substr(c, 13) from unnest(p.proconfig) c where c like 'search_path=%') as pinned,
       has_function_privilege('public', p.oid, 'execute') as open,
       p.prosqlbody is not null as bound, l.lanname as language, p.prosrc as source
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
     where n.nspname in ('silver', 'silver_live') order by 1`,
  );

it('only functions that must act with the rights of their owner, each pinned, and closed but for those of live views', async () => {
  const found = (await routines()).filter(({ definer }) => definer);
  const fixed = found.filter(({ name }) => !/^(track|track_move|track_apply|live)_\d+$/.test(name));
  expect(fixed.map(({ name }) => name)).toEqual(Object.keys(definers).toSorted());
  for (const { name, open, pinned } of found) {
    expect([name, pinned]).toEqual([name, 'pg_catalog, pg_temp']);
    const mayBeOpen = /^live_\d+$/.test(name) || definers[name]?.open === true;
    expect([name, open]).toEqual([name, mayBeOpen]);
  }
});

it("the tracking triggers' functions and what live views read sources with are among them", async () => {
  const names = (await routines()).filter(({ definer }) => definer).map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['track_1', 'live_1']));
});

it('nobody but Silver has a right on its schemas', async () => {
  expect(
    await database.query(
      `select n.nspname, a.grantee::regrole::text, a.privilege_type from pg_namespace n, aclexplode(n.nspacl) a
       where n.nspname in ('silver', 'silver_live') and a.grantee <> n.nspowner and a.grantee::regrole::text not like 'silver\\_%'`,
    ),
  ).toEqual([]);
});

it('every function pins its search_path, is bound to its names when created, or says in its header why not', async () => {
  const headers = new Map(
    globSync('**/*.sql', { cwd: functions }).map((file) => {
      const text = readFileSync(`${functions}/${file}`, 'utf8');
      const name = file.replace(/^.*[\\/]|\.sql$/g, '');
      return [name, text.slice(0, text.search(/^create /m)).replace(/\n-- ?/g, ' ')];
    }),
  );
  const loose = (await routines()).filter(
    ({ bound, language, pinned }) => pinned === null && !bound && language !== 'internal',
  );
  for (const { name } of loose) {
    expect(headers.get(name), name).toMatch(/[Ss]ets? no search_path/);
  }
  expect(loose.length).toBeGreaterThan(5);
});

it('those that find a table as their caller does name everything else in full', async () => {
  // Called where every name of PostgreSQL's that they could mean is taken by something of the caller's.
  const caller = await database.connect();
  await caller.query(
    `create schema trap;
     create table trap.timeseries_rollup_config (rollup_id integer);
     create function trap.resolve_table(text, text) returns regclass language plpgsql as $$ begin raise exception 'caught'; end $$;
     create function trap.clock_timestamp() returns timestamptz language plpgsql as $$ begin raise exception 'caught'; end $$;
     create function trap.perform_rollup(text) returns void language plpgsql as $$ begin raise exception 'caught'; end $$;
     set search_path = trap, public;`,
  );
  for (const statement of [
    `select * from silver.perform_rollup('readings')`,
    `call silver.run_rollups('hourly')`,
    `select silver.pause_rollup('hourly')`,
    `select silver.resume_rollup('hourly')`,
    `select * from silver.apply_retention('hourly')`,
    `select * from silver.maintain_timeseries_tables('hourly')`,
    `call silver.run_maintenance('hourly')`,
    `select * from silver.optimize_chunk_interval('hourly')`,
    `select * from silver.get_partition_stats('hourly')`,
    `select silver.reset_rollup_retry('hourly')`,
    `select silver.invalidate('hourly')`,
    `select * from silver.verify_rollup('hourly')`,
    `select silver.track_off('readings')`,
    `select silver.track_on('readings')`,
    `select silver.drop_rollup('hourly')`,
  ]) {
    await caller.query(statement);
  }
});
