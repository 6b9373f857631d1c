import { describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { createReadings } from '../readings.ts';
import { runSilver } from '../silver-under-test.ts';

describe('silver', () => {
  const database = useDatabase();
  const empty = useDatabase({ migrated: false });
  const silver = (...args: string[]) => runSilver(database.url, args);

  it('shows its commands and every setting', async () => {
    const { code, stdout } = await silver('--help');
    expect(code).toBe(0);
    for (const word of [
      'migrate',
      'scheduler',
      'worker',
      'status',
      'rollup',
      'DATABASE_URL',
      'SILVER_STOP_GRACE_MS',
    ]) {
      expect(stdout).toContain(word);
    }
  });

  it('declares a rollup, lists it and shows how it is', async () => {
    await createReadings(database, 5);
    expect((await silver('status')).stdout).toContain('no rollups yet');
    const created = await silver(
      ...['rollup', 'create', 'public.readings', 'public.hourly', '--every', '1 hour', '--json'],
      ...[
        '--start-from',
        '2001-01-01Z',
        '--dimensions',
        'device',
        '--max-in-flight',
        '3',
        '--partitions',
        '0',
      ],
    );
    expect(created).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(created.stdout)).toEqual({
      target: 'public.hourly',
      start_from: '2001-01-01 00:00:00+00',
    });
    const listed = JSON.parse((await silver('rollup', 'list', '--json')).stdout);
    expect(listed).toEqual([
      expect.objectContaining({
        source_table: 'public.readings',
        target_table: 'public.hourly',
        rollup_table_interval: '01:00:00',
      }),
    ]);
    const [status] = JSON.parse((await silver('status', '--json')).stdout);
    expect(status).toMatchObject({ target_table: 'public.hourly', status: 'idle', dead: '0' });
    expect((await silver('status')).stdout).toMatch(/public\.hourly +behind/);
    expect((await silver('rollup', 'list')).stdout).toMatch(/public\.readings.*public\.hourly/);
    const columns = await database.query(
      `select max_in_flight, partition_interval from silver.timeseries_rollup_config`,
    );
    expect(columns).toEqual([{ max_in_flight: 3, partition_interval: null }]);
  });

  it.each([
    [
      ['rollup', 'create', 'public.nothing', 'public.x', '--every', '1 hour'],
      1,
      /no table public\.nothing/,
    ],
    [['rollup', 'create', 'public.readings', 'x', '--every', '1 hour'], 2, /schema\.table/],
    [['rollup', 'create', 'public.readings', 'public.x'], 2, /--every/],
    [['rollup', 'create', 'public.readings', 'public.x', '--every', 'soon'], 1, /soon/],
    [['worker', '--concurrency', '0'], 2, /SILVER_WORKER_CONCURRENCY="0" is below 1/],
    [['dance'], 2, /unknown command/],
    [
      ['status', '--database-url', 'postgres://x:secret@127.0.0.1:1/y'],
      3,
      /127\.0\.0\.1:1\/y cannot be reached/,
    ],
  ])('%j ends with %i and says why', async (args, code, reason) => {
    const result = await silver(...args);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(reason);
    expect(result.stderr).not.toMatch(/secret|at async| {4}at /);
  });

  it('tells scripts as json', async () => {
    const { code, stderr } = await silver('status', '--json', '--database-url', 'nonsense');
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'CONFIG_INVALID' } });
  });

  it.each(['scheduler', 'worker', 'status'])(
    '%s refuses a database that was never migrated',
    async (command) => {
      const { code, stderr } = await runSilver(empty.url, [command]);
      expect([code, stderr]).toEqual([4, expect.stringContaining('Run silver migrate.')]);
    },
  );

  it('says what is missing when nothing is set', async () => {
    const { code, stderr } = await runSilver(undefined, ['migrate']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('DATABASE_URL is not set')]);
  });
});
