import { beforeEach, describe, expect, it } from 'vitest';
import { createReadings, declareHourly } from '../../integration/readings.ts';
import { chunkIds, settle, tick } from '../../support/drive.ts';
import { createTestDatabase, type TestDatabase } from '../../support/use-database.ts';
import { configOf } from '../call-results.ts';

let database: TestDatabase;
let ids: string[];

/** Four chunks of late work: dead, retrying, running, queued. */
beforeEach(async () => {
  database = await createTestDatabase();
  await createReadings(database, 24);
  await declareHourly(database);
  await settle(database);
  for (const hour of ['02', '05', '08', '11']) {
    await database.query(`update silver.timeseries_rollup_config set rerun_interval = '0'`);
    await database.query(
      `insert into public.readings values ('2001-01-01 ${hour}:00:30Z', 'd0', 1)`,
    );
    await tick(database);
  }
  ids = (await chunkIds(database)).map(({ chunk_id: id }) => id);
  const [dead, retrying, running] = ids;
  await database.query(`select silver.start_chunk(id, 'w', 5, null) from unnest($1::bigint[]) id`, [
    [dead, retrying, running],
  ]);
  await database.query(
    `select silver.fail_chunk(id, 'w', 5, '{"message": "boom"}') from unnest($1::bigint[]) id`,
    [[dead, retrying]],
  );
  await database.query('select silver.bury_chunk($1)', [dead]);
  return () => database.drop();
});

const states = () =>
  database.query<{ state: string; attempt: number; delivered_by: string; retry_at: unknown }>(
    'select state, attempt, delivered_by, retry_at from silver.timeseries_chunk order by chunk_id',
  );

describe('silver.reset_rollup_retry', () => {
  it('gives the dead and the failed all attempts again, due at once; what runs or waits is left alone', async () => {
    const jobs = () =>
      database.query('select chunk_id, job_id from silver.timeseries_chunk order by chunk_id');
    const before = await jobs();
    expect(
      await database.query(`select silver.reset_rollup_retry('public.hourly')::int as n`),
    ).toEqual([{ n: 2 }]);
    const after = await states();
    expect(after.slice(0, 2)).toEqual([
      { state: 'queued', attempt: 0, delivered_by: 'call', retry_at: null },
      { state: 'queued', attempt: 0, delivered_by: 'call', retry_at: null },
    ]);
    expect(after[2]).toMatchObject({ state: 'running', attempt: 5 });
    expect(after[3]).toMatchObject({ state: 'queued', attempt: 0, delivered_by: 'job' });
    // Their old jobs, should one still be delivered, are not theirs any more.
    const now = await jobs();
    expect(now.slice(2)).toEqual(before.slice(2));
    expect(now.slice(0, 2)).not.toEqual(before.slice(0, 2));
    expect(await configOf(database, 'public.hourly')).toMatchObject({
      status: 'processing',
      retry_count: 4,
    });
  });

  it('a scheduler finds them without a job', async () => {
    await database.query(`select silver.reset_rollup_retry('public.hourly')`);
    const lost = await database.query(
      `select chunk_id::text from silver.lost_chunks('silver_pgboss', 'silver-chunk')`,
    );
    expect(lost.map((row) => row['chunk_id'])).toEqual(expect.arrayContaining(ids.slice(0, 2)));
  });

  it('wakes schedulers', async () => {
    const listener = await database.connect();
    await listener.query('listen silver_wake');
    const woken = new Promise((resolve) => listener.on('notification', resolve));
    await database.query(`select silver.reset_rollup_retry('public.hourly')`);
    await woken;
  });

  it('refuses what is no target', async () => {
    await expect(
      database.query(`select silver.reset_rollup_retry('public.readings')`),
    ).rejects.toMatchObject({ code: '22023' });
    await expect(database.query(`select silver.reset_rollup_retry(null)`)).rejects.toMatchObject({
      code: '42P01',
    });
  });
});

describe('silver.retry_chunk', () => {
  it.each([
    [0, true],
    [1, true],
    [2, false],
    [3, false],
  ])('chunk %i: %s', async (index, expected) => {
    expect(await database.query('select silver.retry_chunk($1) as done', [ids[index]])).toEqual([
      { done: expected },
    ]);
  });

  it('one that is gone, or that another session holds: false, without waiting', async () => {
    expect(await database.query('select silver.retry_chunk(-1) as done')).toEqual([
      { done: false },
    ]);
    const holder = await database.connect();
    await holder.query('begin');
    await holder.query('select from silver.timeseries_chunk for update');
    expect(await database.query('select silver.retry_chunk($1) as done', [ids[0]])).toEqual([
      { done: false },
    ]);
    await holder.query('rollback');
  });
});

describe('silver.discard_chunk', () => {
  it('gives the buckets of a dead chunk back, to be cut anew', async () => {
    expect(await database.query('select silver.discard_chunk($1) as done', [ids[0]])).toEqual([
      { done: true },
    ]);
    expect(
      await database.query(
        'select dirty::text, dirty_since is not null as since from silver.timeseries_progress',
      ),
    ).toEqual([{ dirty: '{["2001-01-01 02:00:00+00","2001-01-01 03:00:00+00")}', since: true }]);
    expect(await chunkIds(database)).toHaveLength(3);
  });

  it('only of a dead one', async () => {
    for (const id of [...ids.slice(1), '-1']) {
      expect(await database.query('select silver.discard_chunk($1) as done', [id])).toEqual([
        { done: false },
      ]);
    }
    expect(await chunkIds(database)).toHaveLength(4);
  });
});
