import { beforeAll, describe, expect, it } from 'vitest';
import { createReadings, declareHourly } from '../../integration/readings.ts';
import { useDatabase } from '../../support/use-database.ts';
import { callRollups, collectNotices, configOf } from '../call-results.ts';

describe('the window', () => {
  const database = useDatabase();
  const windows = () =>
    database.query<{ buckets: number }>(
      `select buckets::int from silver.timeseries_refresh_log where rows_read > 0 order by refresh_id`,
    );

  beforeAll(async () => {
    await createReadings(database, 200);
    await declareHourly(
      database,
      `, processing_window => '2 hours', target_chunk_duration => '10 minutes'`,
    );
  });

  it('grows at most twofold from the size in force while chunks are quicker than wanted; one notice says each', async () => {
    const client = await database.connect();
    const notices = collectNotices(client);
    await client.query('select silver.perform_rollup()');
    const sizes = (await windows()).map(({ buckets }) => buckets);
    expect(sizes.slice(0, 4)).toEqual([2, 4, 8, 16]);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(200);
    const [{ chunks } = { chunks: 0 }] = await database.query<{ chunks: number }>(
      'select count(*)::int as chunks from silver.timeseries_refresh_log',
    );
    expect(notices).toHaveLength(chunks);
    expect(notices[0]).toMatch(
      /^NOTICE: public\.hourly: \d+ forward buckets in \d+ ms: \d+ rows read, \d+ written$/,
    );
    expect(
      notices.some(
        (notice) =>
          notice.includes('2 forward buckets in') && notice.includes('120 rows read, 6 written'),
      ),
    ).toBe(true);
    const { processing_window: shown } = await configOf(database, 'public.hourly');
    expect(shown).not.toBe('02:00:00');
  });

  it('shrinks when chunks take longer than wanted, to one bucket at the least', async () => {
    await callRollups(database, 'perform_rollup'); // What was provisional is settled.
    await database.query(
      `update silver.timeseries_rollup_config set target_chunk_duration = '1 microsecond', processing_window = '10 hours'`,
    );
    await database.query(
      `insert into public.readings select timestamptz '2001-03-01Z' + i * interval '1 hour', 'd0', 1 from generate_series(0, 30) i`,
    );
    // Not late: nothing of March is covered any more.
    await database.query(
      `update silver.timeseries_progress set covered = covered - '{[2001-03-01 00:00Z,2001-03-02 00:00Z)}'`,
    );
    await database.query('delete from silver.timeseries_source_extent'); // As if looked up long ago.
    const [{ last } = { last: '' }] = await database.query<{ last: string }>(
      'select max(refresh_id)::text as last from silver.timeseries_refresh_log',
    );
    await callRollups(database, 'perform_rollup');
    const sizes = await database.query<{ buckets: number }>(
      `select buckets::int from silver.timeseries_refresh_log where refresh_id > $1 and reason = 'forward' order by refresh_id`,
      [last],
    );
    expect(sizes[0]).toEqual({ buckets: 1 });
    expect(await configOf(database, 'public.hourly')).toMatchObject({
      processing_window: '01:00:00',
    });
  });
});

describe('silver.size_window', () => {
  const database = useDatabase();
  const size = async (text: string): Promise<number> => {
    const [row] = await database.query<{ size: number }>(
      `select silver.size_window(${text})::int as size`,
    );
    return row?.size ?? -1;
  };

  // window, target ms, average ms, average rows, average buckets, rows a bucket, pressure
  it.each([
    ['the first by density: about 200,000 rows', 'null, 1000, null, null, null, 1000, 1', 200],
    ['the first where nothing is known', 'null, 1000, null, null, null, null, 1', 16],
    ['the first under pressure', 'null, 1000, null, null, null, 1000, 0.25', 50],
    ['twofold up at most', '10, 1000, 1, 1000, 10, null, 1', 20],
    ['what recent chunks say', '10, 1000, 800, 1000, 10, null, 1', 12],
    ['tenfold down at most', '100, 1000, 1000000, 1000, 100, null, 1', 10],
    ['half as much under pressure', '100, 1000, 1000, 1000, 100, null, 0.5', 50],
    ['at least one', '1, 1, 1000, 1000, 1, null, 0.25', 1],
    ['at most ten million rows', '100, 100000, 1000, 40000000, 100, null, 1', 25],
    ['twofold up when chunks were empty', '100, 1000, 5, 0, 100, null, 1', 200],
    ['at most a million buckets', '900000, 1000000, 1, 1000, 900000, null, 1', 1_000_000],
  ])('%s', async (_name, call, expected) => {
    expect(await size(call)).toBe(expected);
  });
});
