import { beforeEach, describe, expect, it } from 'vitest';
import { chunkIds, tick } from '../../support/drive.ts';
import { createTestDatabase, type TestDatabase, useDatabase } from '../../support/use-database.ts';
import { callRollups } from '../call-results.ts';
import { createRecentReadings, type MaintenanceEntry, partitionsOf } from '../recent-readings.ts';

describe('retention waits', () => {
  let database: TestDatabase;
  let before: string[];
  const apply = () => database.query<MaintenanceEntry>('select * from silver.apply_retention()');

  beforeEach(async () => {
    database = await createTestDatabase();
    await createRecentReadings(database);
    before = await partitionsOf(database, 'public.hourly');
    return () => database.drop();
  });

  it('for a child that still has to compute from the rows, and names it', async () => {
    await database.query(`select silver.pause_rollup('public.daily')`);
    // A change of nine days ago reaches the parent, and waits for the child.
    await database.query(
      `insert into public.readings values (date_trunc('day', now(), 'UTC') - interval '8 days', 'a', 1000)`,
    );
    await callRollups(database, 'perform_rollup', 'public.hourly');
    const first = await apply();
    expect(first.at(-1)?.action === 'delayed' ? first.at(-1) : first[0]).toMatchObject({
      action: 'delayed',
      object_name: 'public.hourly',
      detail: expect.stringContaining('wait for public.daily'),
    });
    const [{ old } = { old: 0 }] = await database.query<{ old: number }>(
      `select count(*)::int as old from public.hourly where timestamp = date_trunc('day', now(), 'UTC') - interval '8 days' and max_value = 1000`,
    );
    expect(old).toBe(1);

    await database.query(`select silver.resume_rollup('public.daily')`);
    await callRollups(database, 'perform_rollup');
    await callRollups(database, 'perform_rollup');
    const done = await apply();
    expect(new Set(done.map(({ action }) => action))).toEqual(new Set(['drop partition']));
    expect(
      await database.query(
        `select max_value from public.daily where timestamp = date_trunc('day', now(), 'UTC') - interval '8 days' and device = 'a'`,
      ),
    ).toEqual([{ max_value: 1000 }]);
  });

  it('for a reader, whom it does not keep, nor those that come after', async () => {
    const reader = await database.connect();
    await reader.query('begin');
    await reader.query('select count(*) from public.hourly');
    const keeper = await database.connect();
    const applied = keeper.query<MaintenanceEntry>('select * from silver.apply_retention()');
    // Readers that come while it tries are served at once.
    const other = await database.connect();
    await other.query(`set lock_timeout = '5s'`);
    let served = 0;
    let trying = true;
    const ended = applied.finally(() => {
      trying = false;
    });
    while (trying) {
      await other.query('select count(*) from public.hourly');
      served += 1;
    }
    expect((await ended).rows).toMatchObject([
      { action: 'delayed', object_name: 'public.hourly', detail: 'retention: the table is in use' },
    ]);
    expect(served).toBeGreaterThan(0);
    expect(await partitionsOf(database, 'public.hourly')).toEqual(before);
    expect(
      await database.query(
        `select action from silver.timeseries_maintenance_log where action = 'delayed'`,
      ),
    ).toHaveLength(1);
    await reader.query('commit');
    expect((await apply()).every(({ action }) => action === 'drop partition')).toBe(true);
  });

  it('for one partition in use by itself: what is older goes, the rest waits', async () => {
    const second = before[1] ?? '';
    const reader = await database.connect();
    await reader.query('begin');
    await reader.query(`select count(*) from public.${second}`);
    const done = await apply();
    expect(done.map(({ action, object_name: name }) => [action, name])).toEqual([
      ['drop partition', `public.${before[0]}`],
      ['delayed', `public.${second}`],
    ]);
    const [{ there } = { there: false }] = await database.query<{ there: boolean }>(
      `select lower(covered) = (select min(lower_at) from silver.partition_bounds('public.hourly')) as there from silver.timeseries_progress where rollup_id = 1`,
    );
    expect(there).toBe(true);
    await reader.query('commit');
  });

  it('for a chunk of that time that runs; one that is queued is released', async () => {
    await database.query(
      `select silver.invalidate('public.hourly', now() - interval '9 days', now() - interval '8 days')`,
    );
    await tick(database);
    const [chunk] = await chunkIds(database);
    const worker = await database.connect();
    await worker.query('begin');
    await worker.query('select from silver.timeseries_chunk where chunk_id = $1 for update', [
      chunk?.chunk_id,
    ]);
    expect((await apply()).map(({ action }) => action)).toContain('delayed');
    expect(await partitionsOf(database, 'public.hourly')).toEqual(before);
    await worker.query('rollback');
    expect((await apply()).map(({ action }) => action)).toContain('drop partition');
    expect(await chunkIds(database)).toEqual([]);
    expect(
      await database.query('select from silver.timeseries_progress where not isempty(dirty)'),
    ).toEqual([]);
  });

  it('and is refused at a level at which it could not see what a child still has to do', async () => {
    await database.query('begin isolation level repeatable read');
    await expect(apply()).rejects.toMatchObject({ code: '25001' });
    await database.query('rollback');
    expect(await partitionsOf(database, 'public.hourly')).toEqual(before);
  });
});

describe('a target that is a plain table', () => {
  const database = useDatabase();

  it('has its old rows deleted; one with children keeps them, for a DELETE would make those forget', async () => {
    await database.query(
      `create table public.readings (at timestamptz not null, n integer); create index on public.readings (at);
       insert into public.readings select now() - i * interval '1 hour', 1 from generate_series(1, 240) i;
       select silver.create_rollup_table('public.readings', 'public', 'plain', '1 hour', start_from => now() - interval '11 days',
         partition_interval => '0', retention_period => '5 days');
       select silver.create_rollup_table('public.readings', 'public', 'parent', '1 hour', start_from => now() - interval '11 days',
         partition_interval => '0', retention_period => '5 days');
       select silver.create_rollup_table('public.parent', 'public', 'child', '1 day', start_from => now() - interval '11 days');`,
    );
    await callRollups(database, 'perform_rollup');
    await callRollups(database, 'perform_rollup');
    const done = await database.query<MaintenanceEntry>(
      `select action, object_name, affected_rows::int, detail from silver.apply_retention() order by object_name`,
    );
    expect(done).toMatchObject([
      {
        action: 'delayed',
        object_name: 'public.parent',
        detail: expect.stringContaining('plain table and has children'),
      },
      { action: 'delete rows', object_name: 'public.plain' },
    ]);
    const [plain] = await database.query(
      `select count(*) filter (where timestamp < now() - interval '5 days 1 hour')::int as old, count(*)::int as kept from public.plain`,
    );
    expect(plain).toMatchObject({ old: 0 });
    expect(Number(plain?.['kept'])).toBeGreaterThan(115);
    expect(await callRollups(database, 'perform_rollup')).toEqual([]);
  });
});
