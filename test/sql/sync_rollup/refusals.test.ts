import { describe, expect, it } from 'vitest';
import { useSyncedReadings } from './use-synced-readings.ts';

const { database, late, sync } = useSyncedReadings();

describe('it refuses', () => {
  it.each([
    ['an unknown table', `'app.nothing'`, '42P01'],
    ['no target', `'app.readings'`, '22023'],
    ['an infinite fill_from', `'app.hourly', fill_from => 'infinity'`, '22023'],
    ['a null in exclude', `'app.hourly', exclude => '{null}'`, '22004'],
  ])('%s', async (_name, given, code) => {
    await expect(sync(given)).rejects.toMatchObject({ code, hint: expect.stringMatching(/\w/) });
  });

  it('a child whose parent is to be synchronized first', async () => {
    await database.query(`alter table app.readings drop column value`);
    await expect(sync(`'app.daily'`)).rejects.toMatchObject({
      code: '55000',
      message: 'app.hourly, on which app.daily is declared, is to be synchronized first',
    });
  });

  it('while a chunk runs, after five seconds, and has changed nothing', async () => {
    await late();
    const worker = await database.connect();
    const [made] = await database.query<{ id: string }>(
      `insert into silver.timeseries_chunk (rollup_id, ranges, buckets, reason) select min(rollup_id), '{["2026-01-01 00:00Z","2026-01-01 01:00Z")}', 1, 'late' from silver.timeseries_rollup_config returning chunk_id::text as id`,
    );
    await worker.query('begin');
    await worker.query('select * from silver.run_chunk($1, $2, 1)', [made?.id, 'w']);
    await expect(sync()).rejects.toMatchObject({
      code: '55P03',
      message: 'app.hourly is being planned or computed',
      hint: expect.stringContaining('pause_rollup'),
    });
    await worker.query('rollback');
    expect(await sync()).toEqual([]);
  });
});
