import { beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { callRollups, configOf } from '../call-results.ts';
import { type MaintenanceEntry, partitionsOf } from '../recent-readings.ts';

describe('partitions ahead of need', () => {
  const database = useDatabase();
  const maintain = () =>
    database.query<MaintenanceEntry>(
      `select * from silver.maintain_timeseries_tables('public.hourly')`,
    );

  beforeAll(async () => {
    await database.query(
      `create table public.readings (at timestamptz not null, n integer); create index on public.readings (at);
       select silver.create_rollup_table('public.readings', 'public', 'hourly', '1 hour', partition_interval => '1 day');`,
    );
  });

  it('the present one and the next are made, once', async () => {
    expect(await partitionsOf(database, 'public.hourly')).toEqual([]);
    expect(await maintain()).toMatchObject([
      { action: 'create partition', object_name: 'public.hourly', detail: '2 made ahead' },
    ]);
    expect(
      await database.query(
        `select bool_or(now() >= lower_at and now() < upper_at) as present, bool_or(now() + interval '1 day' >= lower_at and now() + interval '1 day' < upper_at) as next
         from silver.partition_bounds('public.hourly')`,
      ),
    ).toEqual([{ present: true, next: true }]);
    expect(await maintain()).toEqual([]);
  });

  it('a busy table delays it; readers go on', async () => {
    await database.query(
      `do $$ declare p regclass; begin for p in select partition from silver.partition_bounds('public.hourly') loop execute format('drop table %s', p); end loop; end $$`,
    );
    const vacuum = await database.connect();
    await vacuum.query('begin');
    await vacuum.query('lock table public.hourly in share update exclusive mode');
    const keeper = await database.connect();
    const maintained = keeper.query<MaintenanceEntry>(
      `select * from silver.maintain_timeseries_tables('public.hourly')`,
    );
    const reader = await database.connect();
    await reader.query(`set lock_timeout = '5s'`);
    let trying = true;
    const ended = maintained.finally(() => {
      trying = false;
    });
    while (trying) {
      await reader.query('select count(*) from public.hourly');
      await reader.query('delete from public.hourly where false');
    }
    expect((await ended).rows).toMatchObject([
      {
        action: 'delayed',
        object_name: 'public.hourly',
        detail: 'create partition: the table is busy',
      },
    ]);
    await vacuum.query('commit');
    expect(await maintain()).toMatchObject([{ action: 'create partition' }]);
  });
});

describe('a better interval', () => {
  const database = useDatabase();

  beforeAll(async () => {
    // Enough rows for advice: more than a megabyte over more than two days.
    await database.query(
      `create table public.readings (at timestamptz not null, device integer not null, n integer); create index on public.readings (at);
       insert into public.readings
       select date_trunc('day', now(), 'UTC') - i * interval '1 hour', device, i from generate_series(1, 96) i, generate_series(1, 150) device;
       select silver.create_rollup_table('public.readings', 'public', 'hourly', '1 hour', dimensions => '{device}',
         start_from => now() - interval '5 days', partition_interval => '6 hours');`,
    );
    await callRollups(database, 'perform_rollup');
    await database.query('analyze public.hourly');
  });

  it('is set for partitions to come; those that are there stay, and the gaps between are filled', async () => {
    const before = await partitionsOf(database, 'public.hourly');
    const done = await database.query<MaintenanceEntry>(
      `select * from silver.maintain_timeseries_tables('public.hourly')`,
    );
    expect(done.map(({ action }) => action)).toEqual([
      'set partition interval',
      'create partition',
      'analyze',
    ]);
    expect(done[0]?.detail).toMatch(/^from 06:00:00 to .*: .* a day, .* wanted a partition$/);
    const [{ advice } = { advice: '' }] = await database.query<{ advice: string }>(
      `select recommended_interval::text as advice from silver.optimize_chunk_interval('public.hourly')`,
    );
    const { partition_interval: now } = await configOf(database, 'public.hourly');
    expect(advice).not.toBe('06:00:00');
    expect(
      await database.query(
        `select partition_interval::text as now from silver.timeseries_rollup_config`,
      ),
    ).toEqual([{ now: advice }]);
    expect(now).toBeTruthy();
    expect(await partitionsOf(database, 'public.hourly')).toEqual(expect.arrayContaining(before));
    // No two overlap (PostgreSQL sees to that), and from the first to the last there is no hole.
    expect(
      await database.query(
        `select range_agg(tstzrange(lower_at, upper_at)) = tstzmultirange(tstzrange(min(lower_at), max(upper_at))) as whole,
           max(upper_at) > now() + interval '1 day' as ahead
         from silver.partition_bounds('public.hourly')`,
      ),
    ).toEqual([{ whole: true, ahead: true }]);
  });

  it('rows go on finding their partition', async () => {
    await database.query(
      `insert into public.readings select now() - interval '4 days' - i * interval '1 minute', 1, 7 from generate_series(1, 10) i`,
    );
    await callRollups(database, 'perform_rollup');
    await callRollups(database, 'perform_rollup');
    expect(await database.query('select * from silver.timeseries_error_log')).toEqual([]);
    expect(
      await database.query(
        `select sum(row_count)::int = (select count(*) from public.readings where at < silver.due_until(1)) as whole from public.hourly`,
      ),
    ).toEqual([{ whole: true }]);
  });
});
