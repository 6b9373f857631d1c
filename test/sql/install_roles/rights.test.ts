import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { createReadings, declareHourly } from '../../integration/readings.ts';
import { tick } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';
import { callRollups } from '../call-results.ts';
import { type SilverRole, silverRoles, useMembers } from './use-members.ts';

const database = useDatabase();
const members = useMembers(database);

beforeAll(async () => {
  await createReadings(database, 24);
  await declareHourly(database);
  await callRollups(database, 'perform_rollup');
  await callRollups(database, 'perform_rollup');
  // A chunk of late work, for those who deal with chunks.
  await database.query(`insert into public.readings values ('2001-01-01 05:00:30Z', 'd0', 1)`);
  await tick(database);
});

/** Runs a statement in a transaction that is rolled back: nobody leaves anything behind. Returns the SQLSTATE, or 'allowed'. */
async function attempt(client: pg.Client, statement: string): Promise<string> {
  await client.query('begin');
  try {
    await client.query(statement);
    return 'allowed';
  } catch (error) {
    return (error as pg.DatabaseError).code ?? String(error);
  } finally {
    await client.query('rollback');
  }
}

/** Who may do what; everybody else is refused (42501). `null`: somebody with none of Silver's roles. */
const rights: readonly [what: string, statement: string, may: readonly SilverRole[]][] = [
  ['read the monitor', 'select * from silver.timeseries_operations_monitor', silverRoles],
  ['read the settings', 'select * from silver.timeseries_rollup_config', silverRoles],
  [
    'read the logs',
    'select * from silver.timeseries_error_log, silver.timeseries_refresh_log',
    silverRoles,
  ],
  ['validate', 'select * from silver.validate_rollup_config()', silverRoles],
  [
    'see statistics',
    `select * from silver.get_detailed_stats('%'), silver.get_partition_stats('public.hourly')`,
    silverRoles,
  ],
  [
    'read a source',
    'select * from public.readings',
    ['silver_operator', 'silver_scheduler', 'silver_worker'],
  ],
  ['write to a source', `insert into public.readings values ('2001-01-01Z', 'd0', 1)`, []],
  [
    'read a target',
    'select * from public.hourly',
    ['silver_operator', 'silver_scheduler', 'silver_worker'],
  ],
  ['write to a target', `delete from public.hourly where false`, ['silver_worker']],
  ['drop a target', 'drop table public.hourly cascade', []],
  [
    'change a setting',
    `update silver.timeseries_rollup_config set safety_buffer = '1 hour'`,
    ['silver_admin'],
  ],
  [
    'declare a dimension',
    `insert into silver.timeseries_dimension_config (source_table, dimension_column) values ('public.readings', 'device')`,
    ['silver_admin'],
  ],
  [
    'pause a rollup',
    `select silver.pause_rollup('public.hourly')`,
    ['silver_admin', 'silver_operator'],
  ],
  [
    'resume a rollup',
    `select silver.resume_rollup('public.hourly')`,
    ['silver_admin', 'silver_operator'],
  ],
  [
    'retry a chunk',
    `update silver.timeseries_chunk set state = 'dead', attempt = 1; select silver.retry_chunk(chunk_id) from silver.timeseries_chunk`,
    ['silver_admin', 'silver_operator', 'silver_scheduler', 'silver_worker'],
  ],
  [
    'discard a chunk',
    `update silver.timeseries_chunk set state = 'dead', attempt = 1; select silver.discard_chunk(chunk_id) from silver.timeseries_chunk`,
    ['silver_admin', 'silver_operator', 'silver_scheduler', 'silver_worker'],
  ],
  [
    'invalidate a range',
    `select silver.invalidate('public.hourly', '2001-01-01Z', '2001-01-02Z')`,
    ['silver_admin', 'silver_operator'],
  ],
  [
    'verify against the source',
    `select * from silver.verify_rollup('public.hourly')`,
    ['silver_operator', 'silver_scheduler', 'silver_worker'],
  ],
  [
    'turn tracking off',
    `select silver.track_off('public.readings')`,
    ['silver_admin', 'silver_operator'],
  ],
  [
    'make chunks', // A worker cuts one in half.
    `insert into silver.timeseries_chunk (rollup_id, ranges, buckets, reason) values (1, '{[2031-01-01Z,2031-01-01 01:00Z)}', 1, 'forward')`,
    ['silver_admin', 'silver_scheduler', 'silver_worker'],
  ],
  ['move a horizon', 'select silver.advance_horizon(1)', ['silver_admin', 'silver_scheduler']],
  [
    'consume the log',
    'select silver.lock_source(1), silver.consume_log(1)',
    ['silver_admin', 'silver_scheduler'],
  ],
  [
    'compute a chunk',
    `select silver.start_chunk(chunk_id, 'x', 1, '00-trace-span-01'), silver.run_chunk(chunk_id, 'x', 1) from silver.timeseries_chunk`,
    ['silver_worker'],
  ],
  ['drop partitions', `select silver.drop_partition(1, 'public.hourly')`, []],
  [
    'prune the logs',
    `select silver.prune_logs('{1}', '1 day')`,
    ['silver_admin', 'silver_scheduler'],
  ],
  ['rewrite history', `update silver.timeseries_refresh_log set rows_read = 0`, ['silver_admin']],
  [
    'call what reads a source for a live view',
    `select * from silver_live.live_1('-infinity', 'infinity')`,
    ['silver_admin'],
  ],
  ['compile triggers', 'select silver.compile_tracking(1)', ['silver_admin']],
  ['put triggers on tables', 'select silver.adopt_source(1)', ['silver_admin', 'silver_scheduler']],
  ['end a rollup', `select silver.drop_rollup('public.hourly')`, []],
  ["change a table of Silver's", 'alter table silver.timeseries_chunk add column x integer', []],
];

describe.each([...silverRoles, null])('a member of %s', (role) => {
  it.each(rights)('%s', async (_what, statement, may) => {
    const client = await connected(role);
    const code = await attempt(client, statement);
    expect(code).toBe(role !== null && may.includes(role) ? 'allowed' : '42501');
  });
});

const clients = new Map<SilverRole | null, Promise<pg.Client>>();

function connected(role: SilverRole | null): Promise<pg.Client> {
  const client = clients.get(role) ?? members.connect(role);
  clients.set(role, client);
  return client;
}
