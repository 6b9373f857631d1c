import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chunkIds, runChunks, settle, tick } from '../support/drive.ts';
import { createTestDatabase, type TestDatabase } from '../support/use-database.ts';
import { createHierarchy, liveMismatches, tableMismatches } from './hierarchy.ts';

// Rows from 2026-01-10 to 2026-02-18; the rollups themselves begin with February.
const january = `'2026-01-01 00:00 Europe/Berlin', '2026-02-01 00:00 Europe/Berlin'`;

describe('a backfill', () => {
  let database: TestDatabase;
  const start = async (target: string, more = '') => {
    const [row] = await database.query<{ id: string }>(
      `select silver.start_backfill('app.${target}', ${january} ${more})::text as id`,
    );
    return row?.id ?? '';
  };
  const progress = async (id: string) => {
    const [row] = await database.query(
      `select state, total_buckets::int as total, done_buckets::int as done, done_fraction as fraction,
         in_flight::int as flight, reason
       from silver.timeseries_backfill_progress where backfill_id = $1`,
      [id],
    );
    return row ?? {};
  };
  const allSets = async () => [await sets('hourly'), await sets('daily'), await sets('monthly')];
  const sets = (target: string) =>
    database.query<{ wanted: string; covered: string; dirty: string; watermark: string }>(
      `select wanted::text, covered::text, dirty::text, last_processed_time::text as watermark
       from silver.timeseries_progress p join silver.timeseries_rollup_config r on r.rollup_id = p.rollup_id
       where target_table = $1::regclass`,
      [`app.${target}`],
    );
  /** How often each bucket of a target was computed, at most, since the mark. */
  const mostComputed = async (target: string, mark: string) => {
    const [row] = await database.query<{ most: number }>(
      `select coalesce(max(times), 0)::int as most from (
         select b, count(*) as times
         from silver.timeseries_refresh_log l join silver.timeseries_rollup_config r on r.rollup_id = l.rollup_id
         cross join lateral unnest(silver.bucket_numbers(l.ranges, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin)) n
         cross join lateral generate_series(lower(n), upper(n) - 1) b
         where r.target_table = $1::regclass and l.refresh_id > $2 group by b) as each`,
      [`app.${target}`, mark],
    );
    return row?.most;
  };
  const mark = async () => {
    const [row] = await database.query<{ mark: string }>(
      'select coalesce(max(refresh_id), 0)::text as mark from silver.timeseries_refresh_log',
    );
    return row?.mark ?? '0';
  };

  beforeEach(async () => {
    database = await createTestDatabase();
    await createHierarchy(database, 40, '2026-02-01 00:00 Europe/Berlin');
    await settle(database);
    await database.query('analyze app.readings');
  });
  afterEach(() => database.drop());

  it('computes what its rollup was not to cover, with its descendants, once, and leaves the watermark where it was', async () => {
    const before = await sets('hourly');
    expect((await liveMismatches(database)).length).toBeGreaterThan(0);
    const since = await mark();
    const plan = await database.query<{ rows: number }>(
      `select target_table, buckets::int, new_buckets::int as fresh, source_rows::int as rows, chunks::int, partitions::int, refusal
       from silver.plan_backfill('app.hourly', ${january})`,
    );
    expect(plan).toMatchObject([
      { target_table: 'app.hourly', buckets: 744, fresh: 744, refusal: null },
      { target_table: 'app.daily', buckets: 31, fresh: 31, refusal: null },
      { target_table: 'app.monthly', buckets: 1, fresh: 1, refusal: null },
    ]);
    expect(plan[0]?.rows).toBeGreaterThan(1_000);
    const id = await start('hourly');
    // From the order on the live views are right there, by the source.
    expect(await liveMismatches(database)).toEqual([]);
    expect(await progress(id)).toMatchObject({ state: 'open', total: 776, done: 0 });
    await settle(database);
    expect(await tableMismatches(database)).toEqual([]);
    expect(await liveMismatches(database)).toEqual([]);
    expect(await progress(id)).toMatchObject({ state: 'finished', done: 776, fraction: 1 });
    const [after] = await sets('hourly');
    expect(after?.watermark).toBe(before[0]?.watermark);
    for (const target of ['hourly', 'daily', 'monthly']) {
      expect(await mostComputed(target, since)).toBe(1);
    }
    // What is computed is kept right from now on.
    await database.query(`insert into app.readings values ('2026-01-15 12:00Z', 'd1', 5, 5, 5)`);
    expect(await liveMismatches(database)).toEqual([]);
    await settle(database);
    expect(await tableMismatches(database)).toEqual([]);
  });

  it('takes what live work leaves: late rows in its range go first, and its chunks take no room of theirs', async () => {
    await database.query('update silver.timeseries_rollup_config set max_in_flight = 1');
    await database.query(
      `select silver.start_backfill('app.hourly', '2026-02-01Z', '2026-02-10Z', false)`,
    );
    await database.query(`insert into app.readings values ('2026-02-03 12:00Z', 'd1', 5, 5, 5)`);
    await tick(database, 50);
    const chunks = await database.query(
      'select reason, ranges @> $1::timestamptz as holds from silver.timeseries_chunk order by chunk_id',
      ['2026-02-03 12:00Z'],
    );
    expect(chunks).toEqual([
      { reason: 'late', holds: true },
      { reason: 'backfill', holds: false },
    ]);
    const [monitor] = await database.query(
      `select is_late, backfill_buckets::int as left from silver.timeseries_operations_monitor where target_table = 'app.hourly'`,
    );
    expect(monitor).toEqual({ is_late: false, left: 216 });
    await settle(database);
    expect(
      await tableMismatches(database).then((rows) =>
        rows.filter(({ timestamp }) => (timestamp as Date) >= new Date('2026-01-31T23:00Z')),
      ),
    ).toEqual([]);
  });

  it('shares what two orders overlap in, new or computed again', async () => {
    const since = await mark();
    const first = await start('hourly', ', direction => $$oldest-first$$');
    await tick(database, 100);
    const second = await start('hourly');
    await runChunks(database);
    await settle(database);
    expect(await progress(first)).toMatchObject({ state: 'finished' });
    expect(await progress(second)).toMatchObject({ state: 'finished' });
    expect(await mostComputed('hourly', since)).toBe(1);
    const again = await mark();
    const third = await start('hourly');
    await tick(database, 100);
    const fourth = await start('hourly');
    await settle(database);
    expect(await progress(third)).toMatchObject({ state: 'finished', done: 776 });
    expect(await progress(fourth)).toMatchObject({ state: 'finished', done: 776 });
    expect(await mostComputed('hourly', again)).toBe(1);
    expect(await mostComputed('daily', again)).toBe(1);
    expect(await tableMismatches(database)).toEqual([]);
  });

  it('does not count what a chunk read before it was ordered', async () => {
    const runner = await database.connect();
    await database.query(`select silver.invalidate('app.hourly', '2026-02-03Z', '2026-02-04Z')`);
    await tick(database);
    const [chunk] = await chunkIds(database);
    await runner.query('begin');
    await runner.query('select silver.run_chunk($1, $2, 1)', [chunk?.chunk_id, 'slow']);
    const [order] = await Promise.all([
      database
        .connect()
        .then((client) =>
          client.query<{ id: string }>(
            `select silver.start_backfill('app.hourly', '2026-02-03Z', '2026-02-04Z', false)::text as id`,
          ),
        ),
      // The order waits for the progress row, so that it cannot miss what the chunk commits.
      new Promise((resolve) => setTimeout(resolve, 100)).then(() => runner.query('commit')),
    ]);
    expect(await progress(order.rows[0]?.id ?? '')).toMatchObject({ done: 0, total: 24 });
    await settle(database);
    expect(await progress(order.rows[0]?.id ?? '')).toMatchObject({ state: 'finished', done: 24 });
  });

  it('is cancelled: what it added and has not computed is wanted no more, what it has computed is kept right', async () => {
    const [untouched] = await sets('hourly');
    const id = await start('hourly', ', direction => $$oldest-first$$, max_in_flight => 2');
    await tick(database, 100);
    await runChunks(database);
    await tick(database, 100);
    const [running] = await chunkIds(database);
    await database.query('select silver.start_chunk($1, $2, 1, null)', [running?.chunk_id, 'w']);
    const at = await progress(id);
    expect(at).toMatchObject({ state: 'open', done: 200, flight: 3 });
    expect(await database.query('select silver.cancel_backfill($1) as done', [id])).toEqual([
      { done: true },
    ]);
    expect(await database.query('select silver.cancel_backfill($1) as done', [id])).toEqual([
      { done: false },
    ]);
    expect(await progress(id)).toMatchObject({ state: 'cancelled', done: 200, flight: 1 });
    await runChunks(database);
    await settle(database);
    const [left] = await sets('hourly');
    expect(left?.wanted).toContain('{["2025-12-31 23:00:00+00","2026-01-13 11:00:00+00"),');
    expect(left?.watermark).toBe(untouched?.watermark);
    await database.query(`insert into app.readings values ('2026-01-10 12:00Z', 'd1', 5, 5, 5)`);
    await settle(database);
    const wrong = await tableMismatches(database);
    const hourly = wrong.filter(({ target }) => target === 'hourly');
    expect(hourly.length).toBeGreaterThan(0);
    const first = new Date('2026-01-13T11:00Z');
    expect(hourly.every(({ timestamp }) => (timestamp as Date) >= first)).toBe(true);
  });

  it('that is cancelled before it began leaves everything as it was, and nothing of an order beside it', async () => {
    const before = await allSets();
    const id = await start('hourly');
    await tick(database, 100);
    await database.query('select silver.cancel_backfill($1)', [id]);
    expect(await allSets()).toEqual(before);
    expect(await chunkIds(database)).toEqual([]);
    const first = await start('hourly');
    const second = await start('hourly');
    await database.query('select silver.cancel_backfill($1)', [first]);
    expect((await sets('hourly'))[0]?.wanted).toContain('2025-12-31 23:00:00+00');
    await settle(database);
    expect(await progress(second)).toMatchObject({ state: 'finished', done: 776 });
    expect(await tableMismatches(database)).toEqual([]);
    await expect(database.query('select silver.cancel_backfill(99)')).rejects.toMatchObject({
      code: '22023',
    });
  });

  it('a chunk of it that is released is planned again as its own; of a cancelled one it is forgotten', async () => {
    const id = await start('hourly', ', descendants => false');
    await tick(database, 1000);
    const release = async () => {
      for (const { chunk_id: chunk } of await chunkIds(database)) {
        await database.query('select silver.release_chunk($1)', [chunk]);
      }
    };
    await release();
    expect((await sets('hourly'))[0]?.dirty).toBe('{}');
    await tick(database, 1000);
    expect(await database.query('select reason from silver.timeseries_chunk')).toEqual([
      { reason: 'backfill' },
    ]);
    const [chunk] = await chunkIds(database);
    await database.query('select silver.start_chunk($1, $2, 1, null)', [chunk?.chunk_id, 'w']);
    await database.query('select silver.cancel_backfill($1)', [id]);
    await release();
    expect((await sets('hourly'))[0]?.wanted).toMatch(/^\{\["2026-01-31 23:00:00\+00"/);
  });

  it('keeps its rate, its direction and its place among other orders', async () => {
    await start('hourly', ', descendants => false, priority => -5');
    const urgent = await start(
      'hourly',
      ', descendants => false, direction => $$oldest-first$$, chunks_per_minute => 0.5',
    );
    await database.query(
      `update silver.timeseries_backfill set next_chunk_at = clock_timestamp() where backfill_id = $1`,
      [urgent],
    );
    await tick(database, 10);
    const [oldest] = await database.query(
      'select backfill_id::text as id, ranges::text from silver.timeseries_chunk',
    );
    expect(oldest).toEqual({
      id: urgent,
      ranges: '{["2025-12-31 23:00:00+00","2026-01-01 09:00:00+00")}',
    });
    const [due] = await database.query<{ seconds: number }>(
      `select extract(epoch from silver.next_due_at() - clock_timestamp())::float8 as seconds`,
    );
    expect(due?.seconds).toBeLessThanOrEqual(120);
    // While the urgent one rests, the other has its turn, from its newest end.
    await tick(database, 10);
    const chunks = await database.query<{ id: string; ranges: string }>(
      'select backfill_id::text as id, ranges::text from silver.timeseries_chunk order by chunk_id',
    );
    expect(chunks).toHaveLength(9);
    expect(chunks.filter(({ id }) => id === urgent)).toHaveLength(1);
    expect(chunks[1]?.ranges).toContain('2026-01-31 23:00:00+00');
  });

  it('is carried out by calls alone', async () => {
    const id = await start('hourly');
    await database.query('call silver.run_rollups()');
    expect(await progress(id)).toMatchObject({ state: 'finished' });
    expect(await tableMismatches(database)).toEqual([]);
    const again = await start('hourly', ', chunks_per_minute => 100000');
    await database.query(`select silver.perform_rollup('app.hourly')`);
    await database.query(`select silver.perform_rollup()`);
    expect(await progress(again)).toMatchObject({ state: 'finished' });
    // In one transaction with its order, too.
    await database.query('begin');
    const third = await start('hourly');
    await database.query('select silver.perform_rollup()');
    await database.query('commit');
    expect(await progress(third)).toMatchObject({ state: 'finished' });
    expect(await tableMismatches(database)).toEqual([]);
  });

  it('refuses what it would erase: frozen buckets, and those whose source rows are gone', async () => {
    await database.query(
      `update silver.timeseries_rollup_config set freeze_after = '1 day' where target_table = 'app.hourly'::regclass`,
    );
    const addRow = () =>
      database.query(`insert into app.readings values ('2026-02-03 12:00Z', 'd1', 5, 5, 5)`);
    const counted = () =>
      database.query<{ rows: number }>(
        `select row_count::int as rows from app.hourly where timestamp = '2026-02-03 12:00Z' and device = 'd1'`,
      );
    // What is dirty is not frozen: everything before this row is, when it is read.
    await database.query(`insert into app.readings values ('2026-02-09 12:00Z', 'd1', 5, 5, 5)`);
    await settle(database);
    const before = await counted();
    await addRow();
    await settle(database);
    expect(await counted()).toEqual(before);
    const order = `select silver.start_backfill('app.hourly', '2026-02-02Z', '2026-02-05Z', force => $1)`;
    await expect(database.query(order, [false])).rejects.toMatchObject({
      code: '55000',
      message: expect.stringMatching(/^buckets of app.hourly from .* to .* are frozen$/),
    });
    await database.query(order, [true]);
    await settle(database);
    expect(await counted()).toEqual([{ rows: Number(before[0]?.rows) + 1 }]);
  });

  it('starts from the finest level that still has rows, when it is forced', async () => {
    await start('hourly');
    await settle(database);
    const hours = 'select sum(row_count) as rows, count(*) as groups from app.hourly';
    const stored = await database.query<{ rows: string }>(hours);
    await database.query('alter table app.readings detach partition app.readings_old');
    await settle(database);
    expect(await database.query(hours)).toEqual(stored);
    await expect(start('hourly')).rejects.toMatchObject({
      code: '55000',
      message: expect.stringMatching(
        /^the source of app.hourly has expired from .* would erase it$/,
      ),
    });
    // Somebody spoils the days; the hours are all there is to compute them from.
    await database.query('alter table app.daily disable trigger user');
    await database.query(`delete from app.daily where timestamp < '2026-01-20Z'`);
    await database.query('alter table app.daily enable trigger user');
    const plan = await database.query(
      `select target_table, buckets::int, skipped <> '{}' as skips, refusal from silver.plan_backfill('app.hourly', ${january}, force => true)`,
    );
    expect(plan).toMatchObject([
      { target_table: 'app.hourly', buckets: 0, skips: true, refusal: null },
      { target_table: 'app.daily', buckets: 31, skips: false, refusal: null },
      { target_table: 'app.monthly', buckets: 1, refusal: null },
    ]);
    await start('hourly', ', force => true');
    await settle(database);
    expect(await database.query(hours)).toEqual(stored);
    const [days] = await database.query<{ rows: string }>(
      'select sum(row_count) as rows from app.daily',
    );
    expect(days?.rows).toBe(stored[0]?.rows);
  });

  it('refuses what nothing can come of', async () => {
    const refusals: [string, string, RegExp][] = [
      ['app.daily', `${january}`, /^app.hourly, which app.daily reads, is not to cover/],
      ['app.hourly', `'2026-01-02Z', '2026-01-02Z'`, /is empty$/],
      ['app.hourly', `'-infinity', '2026-01-02Z'`, /begins and ends/],
      ['app.hourly', `${january}, direction => 'sideways'`, /^direction: sideways/],
      ['app.hourly', `${january}, chunks_per_minute => 0`, /^chunks_per_minute: 0/],
      ['app.hourly', `${january}, max_in_flight => 0`, /^max_in_flight: 0/],
      ['app.hourly', `${january}, priority => 2000`, /^priority: 2000/],
      ['app.readings', `${january}`, /is not the target of a rollup$/],
      ['app.hourly', `now() + interval '1 day', now() + interval '2 days'`, /can be computed for/],
    ];
    for (const [target, more, message] of refusals) {
      await expect(
        database.query(`select silver.start_backfill('${target}', ${more})`),
      ).rejects.toMatchObject({ message: expect.stringMatching(message) });
    }
    expect(await database.query('select from silver.timeseries_backfill')).toEqual([]);
  });

  it('begins with the first row of the source when nothing is said', async () => {
    const [row] = await database.query<{ ranges: string }>(
      `select ranges::text from silver.plan_backfill('app.hourly') limit 1`,
    );
    expect(row?.ranges).toMatch(/^\{\["2026-01-10 00:00:00\+00"/);
  });

  it('ends where a parent has not caught up: what falls due later is live work, and nothing to wait for', async () => {
    // Raw rows up to this hour: the last buckets of the day and of the month fall due before those of the hours in them.
    await database.query(
      `update silver.timeseries_rollup_config set safety_buffer = '40 days' where target_table = 'app.hourly'::regclass`,
    );
    const [order] = await database.query<{ id: string }>(
      `select silver.start_backfill('app.hourly', now() - interval '60 days', now())::text as id`,
    );
    await settle(database);
    expect(await progress(order?.id ?? '')).toMatchObject({ state: 'finished' });
  });

  it('goes with its rollup; of others it is finished with what is left', async () => {
    await database.query(
      'update silver.timeseries_rollup_config set paused_until = $1 where target_table = $2::regclass',
      ['infinity', 'app.monthly'],
    );
    const id = await start('hourly');
    await settle(database);
    expect(await progress(id)).toMatchObject({
      state: 'open',
      done: 775,
      reason: 'a rollup of it is paused',
    });
    await database.query(`select silver.drop_rollup('app.monthly')`);
    expect(await progress(id)).toMatchObject({ state: 'finished', total: 775, done: 775 });
    await database.query(`select silver.drop_rollup('app.daily')`);
    await database.query(`select silver.drop_rollup('app.hourly')`);
    expect(await database.query('select from silver.timeseries_backfill')).toEqual([]);
  });
});
