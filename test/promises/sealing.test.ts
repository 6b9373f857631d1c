import { describe, expect, it } from 'vitest';
import { runChunks, settle, tick } from '../support/drive.ts';
import { type TestDatabase, useDatabase } from '../support/use-database.ts';
import { waitUntil } from '../support/wait-until.ts';
import { createTrackedReadings, differences, partitionedReadings } from './tracked-readings.ts';

const plainReadings = `
  create table app.readings (at timestamptz not null, device text, amount integer);
  create index on app.readings (at)`;

/** With a drain that waits there is always something to look at: so a few turns, not until quiet. */
async function settleProvisionally(database: TestDatabase): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    await tick(database);
    await runChunks(database);
  }
}

/** The horizon has not moved yet: whoever writes now logs nothing. Drains are provisional at once. */
async function beforeTheHorizonMoves(
  database: TestDatabase,
  table = partitionedReadings,
): Promise<void> {
  await createTrackedReadings(database, { table });
  await database.query(`update silver.timeseries_tracked_source set drain_grace = '0'`);
}

/** A write that may sit in a transaction while the horizon moves past it. */
const held = `insert into app.readings values ('2026-01-30 05:10Z', 'held', 1)`;

/** Takes `text` out of the source's trigger function. */
const editTracking = (text: string, instead: string) =>
  `do $$ begin execute replace(pg_get_functiondef('silver.track_1'::regproc), ${quote(text)}, ${quote(instead)}); end $$`;

function quote(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

interface Race {
  readonly name: string;
  readonly table?: string;
  /** Goes on until the writer has something that is not committed, with the scheduler's first tick in between where it matters. */
  run(database: TestDatabase): Promise<{ finish(): Promise<unknown> }>;
  /** Takes the mend out. */
  readonly sabotage: string;
}

const races: readonly Race[] = [
  {
    name: 'a writer into a plain table, whose partition tree is empty',
    table: plainReadings,
    sabotage: `create or replace function silver.writers_of(source regclass) returns xid8[] language sql as $$
      select coalesce(array_agg(distinct silver.full_transaction_id(own.transactionid)), '{}')
      from pg_locks held join pg_locks own on own.virtualtransaction = held.virtualtransaction and own.locktype = 'transactionid'
      where held.relation in (select relid from pg_partition_tree(source)) and own.mode = 'ExclusiveLock' $$`,
    run: async (database) => {
      const writer = await database.connect();
      await writer.query(`begin; ${held}`);
      return { finish: () => writer.query('commit') };
    },
  },
  {
    name: 'a writer straight into a leaf',
    sabotage: `create or replace function silver.writers_of(source regclass) returns xid8[] language sql as $$
      select coalesce(array_agg(distinct silver.full_transaction_id(own.transactionid)), '{}')
      from pg_locks held join pg_locks own on own.virtualtransaction = held.virtualtransaction and own.locktype = 'transactionid'
      where held.relation = source and held.mode = 'RowExclusiveLock' and own.mode = 'ExclusiveLock' $$`,
    run: async (database) => {
      const writer = await database.connect();
      await writer.query(`begin; ${held.replace('readings', 'january')}`);
      return { finish: () => writer.query('commit') };
    },
  },
  {
    name: 'a prepared transaction',
    sabotage: `create or replace function silver.writers_of(source regclass) returns xid8[] language sql as $$
      select coalesce(array_agg(a.backend_xid::text::xid8), '{}') from pg_stat_activity a where a.backend_xid is not null and a.pid <> pg_backend_pid() $$`,
    run: async (database) => {
      const writer = await database.connect();
      await writer.query(`begin; ${held}`);
      await writer.query(`prepare transaction '${database.name}'`);
      return { finish: () => database.query(`commit prepared '${database.name}'`) };
    },
  },
  {
    name: 'a writer who begins between the noting of writers and the commit of the horizon',
    sabotage: `create or replace function silver.note_writers(source_id integer) returns integer language sql as $$
      update silver.timeseries_drain d set writers = silver.writers_of(s.source_table) from silver.timeseries_tracked_source s
      where s.source_id = note_writers.source_id and d.writers is null returning 1 $$`,
    run: async (database) => {
      await database.query(
        'begin; select silver.advance_horizon(1); select silver.note_writers(1)',
      );
      const writer = await database.connect();
      await writer.query(`begin; ${held}`);
      await database.query('commit');
      return { finish: () => writer.query('commit') };
    },
  },
  {
    name: 'a statement that began before the horizon moved and writes after, without a transaction id when writers were noted',
    sabotage: 'alter function silver.track_1() stable',
    run: async (database) => {
      const gate = await database.connect();
      await gate.query('select pg_advisory_lock(7)');
      const writer = await database.connect();
      const [{ pid } = { pid: 0 }] = (await writer.query('select pg_backend_pid() as pid')).rows;
      const writing = writer.query(
        `insert into app.readings select '2026-01-30 05:10Z', 'held', 1 from (select pg_advisory_lock(7)) as gate`,
      );
      await waitUntil(
        'the writer waits',
        async () =>
          (await database.query(`select from pg_locks where pid = $1 and not granted`, [pid]))
            .length,
      );
      await settleProvisionally(database);
      await gate.query('select pg_advisory_unlock(7)');
      await writing;
      return { finish: async () => undefined };
    },
  },
  ...['repeatable read', 'serializable'].map((isolation) => ({
    name: `a ${isolation} writer whose snapshot has the old horizon`,
    sabotage: editTracking(`in ('read committed', 'read uncommitted')`, `<> ''`),
    run: async (database: TestDatabase) => {
      const writer = await database.connect();
      await writer.query(`begin isolation level ${isolation}; select count(*) from app.readings`);
      await settleProvisionally(database);
      await writer.query(held);
      return { finish: () => writer.query('commit') };
    },
  })),
];

describe.each(races)('$name', ({ run, sabotage, table }) => {
  describe('with the protocol as it is', () => {
    const database = useDatabase();

    it('holds nothing up and is not lost', async () => {
      await beforeTheHorizonMoves(database, table);
      const { finish } = await run(database);
      await settleProvisionally(database);
      expect(await differences(database)).toEqual([]);
      expect(await differences(database, '')).toEqual([]);
      await finish();
      expect(await differences(database)).toEqual([]);
      await settle(database);
      expect(await differences(database)).toEqual([]);
      expect(await differences(database, '')).toEqual([]);
    });
  });

  describe('with its mend taken out', () => {
    const database = useDatabase();

    it('is lost, and this test sees it', async () => {
      await beforeTheHorizonMoves(database, table);
      await database.query(sabotage);
      const { finish } = await run(database);
      await settleProvisionally(database);
      await finish();
      await settleProvisionally(database);
      expect(await differences(database, '')).not.toEqual([]);
    });
  });
});

describe('a long transaction', () => {
  const database = useDatabase();

  it('is named with its pid, age and query, and what it may still change is computed once more when it has ended', async () => {
    await beforeTheHorizonMoves(database);
    const writer = await database.connect();
    await writer.query(`begin; ${held}`);
    await settleProvisionally(database);
    const [{ pid } = { pid: 0 }] = await database.query<{ pid: number }>(
      `select pid from pg_stat_activity where datname = current_database() and state = 'idle in transaction'`,
    );
    const monitor = `select seal_held_by, reason, pending_buckets::int as pending from silver.timeseries_operations_monitor where target_table = 'app.hourly'`;
    expect(await database.query(monitor)).toEqual([
      {
        seal_held_by: expect.stringMatching(
          new RegExp(
            `^pid ${pid} \\(for \\d+ s, idle in transaction: begin; insert into app.readings`,
          ),
        ),
        reason: expect.stringContaining(`pid ${pid}`),
        pending: 0,
      },
    ]);
    await writer.query('commit');
    await tick(database);
    const reasons = `select distinct reason from silver.timeseries_chunk`;
    expect(await database.query(reasons)).toEqual([{ reason: 'late' }]);
    await runChunks(database);
    expect(await database.query(monitor)).toEqual([
      { seal_held_by: null, reason: 'fresh', pending: 0 },
    ]);
    expect(await differences(database, '')).toEqual([]);
  });

  it('a prepared one is named by its gid', async () => {
    await database.query(`update silver.timeseries_tracked_source set horizon = '2026-02-01Z'`);
    const writer = await database.connect();
    await writer.query(`begin; insert into app.readings values ('2026-02-02 05:10Z', 'held', 1)`);
    await writer.query(`prepare transaction '${database.name}'`);
    await settleProvisionally(database);
    expect(
      await database.query(
        `select seal_held_by from silver.timeseries_operations_monitor where target_table = 'app.hourly'`,
      ),
    ).toEqual([
      { seal_held_by: expect.stringContaining(`prepared transaction '${database.name}'`) },
    ]);
    await database.query(`commit prepared '${database.name}'`);
    await settle(database);
    expect(await differences(database, '')).toEqual([]);
  });

  it('leaves one drain record, however often the horizon moved meanwhile', async () => {
    const writer = await database.connect();
    await writer.query(`begin; insert into app.readings values ('2026-02-02 05:10Z', 'held', 1)`);
    await database.query(`
      insert into silver.timeseries_drain (source_id, range, noted_after)
      select 1, tstzrange(at, at + interval '1 minute'), '3' from generate_series(timestamptz '2026-02-05Z', '2026-02-05 05:00Z', '1 minute') at`);
    await tick(database);
    await tick(database);
    expect(await database.query('select count(*)::int as n from silver.timeseries_drain')).toEqual([
      { n: 1 },
    ]);
    await writer.query('rollback');
    await settle(database);
    expect(await database.query('select from silver.timeseries_drain')).toEqual([]);
  });
});

describe('an old snapshot', () => {
  const database = useDatabase();

  it('makes the horizon move in larger steps', async () => {
    await database.query(`create schema app; create table app.readings (at timestamptz)`);
    await database.query(
      `select silver.create_rollup_table('app.readings', 'app', 'secondly', '1 second', start_from => '2026-01-28Z')`,
    );
    const isOpen = `select silver.oldest_snapshot_age() >= clock_timestamp() - $1::timestamptz as old`;
    const reader = await database.connect();
    await reader.query('begin isolation level repeatable read');
    const [{ now } = {}] = (await reader.query('select clock_timestamp()::text as now')).rows;
    expect(await database.query(isOpen, [now])).toEqual([{ old: true }]);
    await reader.query('commit');
    const moves = async (age: string) => {
      await database.query(
        `create or replace function silver.oldest_snapshot_age() returns interval language sql stable as $$ select interval '${age}' $$`,
      );
      await database.query(
        `update silver.timeseries_tracked_source set horizon = date_trunc('second', now() - interval '100 seconds')`,
      );
      const [row] = await database.query('select silver.advance_horizon(1) as moved');
      return row?.['moved'];
    };
    expect(await moves('1 hour')).toBe(true);
    expect(await moves('1 day')).toBe(false);
  });
});
