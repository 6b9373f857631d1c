import { startScheduler } from '@silver/scheduler';
import { createLogger, type Service } from '@silver/shared';
import { startWorker } from '@silver/worker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createReadings, declareHourly } from '../readings.ts';
import { quietLogger, testConfig } from '../silver-under-test.ts';

/** A logger that keeps what it is told, at the level info. */
function keepingLogger() {
  const lines: Record<string, unknown>[] = [];
  const logger = createLogger({ logLevel: 'info' }, 'test');
  const stream = { write: (line: string) => lines.push(JSON.parse(line)) };
  const symbol = Object.getOwnPropertySymbols(logger).find(
    ({ description }) => description === 'pino.stream',
  );
  Reflect.set(logger, symbol as symbol, stream);
  return { logger, lines };
}

describe('what schedulers do beside planning', () => {
  let database: TestDatabase;
  const running: Service[] = [];
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((service) => service.stop()));
    await database.drop();
  });
  const scheduler = async (variables = {}, logger = quietLogger()) => {
    running.push(await startScheduler(testConfig(database.url, variables), logger));
  };

  it('maintenance and validation run by themselves, each once an interval however many there are', async () => {
    await createReadings(database, 24);
    await declareHourly(
      database,
      ", partition_interval => '1 day', retention_period => '1000 years'",
    );
    await database.query(`
      insert into silver.timeseries_error_log (error_message, occurred_at)
      select 'old', now() - interval '100 days' from generate_series(1, 3)`);
    const { logger, lines } = keepingLogger();
    await database.query('drop index public.readings_at_idx');
    const often = { SILVER_MAINTENANCE_INTERVAL_MS: '1000', SILVER_VALIDATION_INTERVAL_MS: '1000' };
    await Promise.all([
      scheduler(often, logger),
      scheduler(often, logger),
      scheduler(often, logger),
    ]);
    const pruned = "select from silver.timeseries_error_log where error_message = 'old'";
    await waitUntil('logs are pruned', async () => (await database.query(pruned)).length === 0);
    const ahead =
      "select from silver.timeseries_maintenance_log where action = 'create partition' and detail like '%ahead'";
    await waitUntil('partitions are made', async () => (await database.query(ahead)).length > 0);
    await waitUntil('a finding is logged', async () =>
      lines.some(({ code, level }) => code === 'time_unindexed' && level !== 'info'),
    );
    // Once an interval: three that asked every second would otherwise have done it three times as often.
    const since = await database.query<{ taken_at: Date }>(
      "select taken_at from silver.timeseries_chore where chore = 'validate'",
    );
    expect(since).toHaveLength(1);
  });

  it('a chore is for one of those who ask at once, and again after its interval', async () => {
    const clients = await Promise.all(Array.from({ length: 5 }, () => database.connect()));
    const ask = async (every: string) => {
      const answers = await Promise.all(
        clients.map(async (client) => {
          const { rows } = await client.query(`select silver.take_chore('x', $1) as mine`, [every]);
          return rows[0].mine as boolean;
        }),
      );
      return answers.filter(Boolean).length;
    };
    expect(await ask('1 hour')).toBe(1);
    expect(await ask('1 hour')).toBe(0);
    await database.query(
      `update silver.timeseries_chore set taken_at = now() - interval '2 hours'`,
    );
    expect(await ask('1 hour')).toBe(1);
    // A clock that ran ahead left this; nobody may wait for it.
    await database.query(`update silver.timeseries_chore set taken_at = now() + interval '1 year'`);
    expect(await ask('1 hour')).toBe(1);
  });

  it('a chore taken while one waited for its row is not his as well, though he read the clock before', async () => {
    const [first, second] = await Promise.all([database.connect(), database.connect()]);
    await first.query(`begin; select silver.take_chore('y', '1 hour')`);
    const waiting = second.query<{ mine: boolean }>(
      `select silver.take_chore('y', '1 hour') as mine`,
    );
    await waitUntil(
      'he waits',
      async () => (await database.query('select from pg_locks where not granted')).length > 0,
    );
    await first.query(
      `update silver.timeseries_chore set taken_at = clock_timestamp() where chore = 'y'; commit`,
    );
    expect((await waiting).rows).toEqual([{ mine: false }]);
  });

  it('under pressure less is planned, smaller, and said; when it is gone, all comes back', async () => {
    await createReadings(database, 400);
    await declareHourly(database, ", processing_window => '10 hours', max_in_flight => 10");
    const load = (locks: number) =>
      database.query(`
        create or replace function silver.database_load(out active_backends integer, out lock_waits integer,
          out replica_lag_s double precision, out oldest_xmin_s double precision, out unreadable text[])
        language sql as $$ select null::integer, ${locks}, 0::double precision, 0::double precision, '{active_backends}'::text[] $$`);
    await load(400);
    const { logger, lines } = keepingLogger();
    await scheduler({ SILVER_PRESSURE_INTERVAL_MS: '200' }, logger);
    const chunks = () =>
      database.query<{ buckets: string }>('select buckets from silver.timeseries_chunk');
    await waitUntil('something is planned', async () => (await chunks()).length > 0);
    // However often it looks, no more than one at a time, and that a tenth of the window.
    expect((await chunks()).map(({ buckets }) => Number(buckets))).toEqual([expect.any(Number)]);
    expect(lines.find(({ causes }) => causes !== undefined)).toMatchObject({
      level: 'warn',
      factor: 0.1,
      was: 1,
      causes: ['lockWaits'],
    });
    expect(lines.find(({ signals }) => signals !== undefined)).toMatchObject({
      signals: ['activeBackends'],
    });
    await load(0);
    await waitUntil('pressure eased', async () => lines.some(({ factor }) => factor === 1));
    // Without a worker it plans until more than half of what may be in flight is.
    await waitUntil('more is planned', async () => (await chunks()).length > 5);
  });

  it('chunks in flight of all rollups together stay below the cap, and each rollup gets its share', async () => {
    await createReadings(database, 300);
    for (const name of ['one', 'two', 'three', 'four']) {
      await database.query(
        `select silver.create_rollup_table('public.readings', 'public', $1, '1 hour', start_from => '2001-01-01Z',
           processing_window => '5 hours', max_in_flight => 8)`,
        [name],
      );
    }
    await scheduler({ SILVER_MAX_IN_FLIGHT: '12' });
    const flight = () =>
      database.query<{ n: number }>(
        'select count(*)::integer as n from silver.timeseries_chunk group by rollup_id',
      );
    await waitUntil('the cap is reached', async () => {
      const shares = (await flight()).map(({ n }) => n);
      const sum = shares.reduce((total, n) => total + n, 0);
      expect(sum).toBeLessThanOrEqual(12);
      return sum === 12;
    });
    expect((await flight()).map(({ n }) => n)).toEqual([3, 3, 3, 3]);
    running.push(await startWorker(testConfig(database.url), quietLogger()));
    const left = 'select from silver.due_sources()';
    await waitUntil('all is done', async () => (await database.query(left)).length === 0, 60_000);
  });

  it('reads the load with the rights it has: without pg_read_all_stats it says what it cannot see', async () => {
    const role = `nobody_${database.name}`;
    await database.query(`create role ${role}; grant usage on schema silver to ${role}`);
    try {
      const [all] = await database.query('select * from silver.database_load()');
      expect(all).toMatchObject({ unreadable: [], replica_lag_s: 0 });
      expect(all?.['active_backends']).toEqual(expect.any(Number));
      const other = await database.connect();
      await other.query('begin');
      await other.query('lock table public.held in share mode').catch(() => undefined);
      await other.query('rollback');
      await database.query(`set role ${role}`);
      const [some] = await database.query('select * from silver.database_load()');
      expect(some).toEqual({
        active_backends: null,
        lock_waits: expect.any(Number),
        replica_lag_s: null,
        oldest_xmin_s: null,
        unreadable: ['active_backends', 'replica_lag_s', 'oldest_xmin_s'],
      });
    } finally {
      await database.query('reset role');
      await database.query(`drop owned by ${role}; drop role ${role}`);
    }
  });
});
