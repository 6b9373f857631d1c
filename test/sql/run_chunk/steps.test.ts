import { beforeAll, expect, it } from 'vitest';
import { createReadings, declareHourly } from '../../integration/readings.ts';
import { chunkIds, settle, tick } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();
const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

type Step = Readonly<Record<string, number | string>>;

interface Run extends Record<string, unknown> {
  readonly duration_ms: number;
  readonly steps: readonly Step[] | null;
}

beforeAll(async () => {
  await createReadings(database, 400);
  await declareHourly(database);
  await database.query(`update silver.timeseries_rollup_config set rerun_interval = '0'`);
});

/** Plans what is due, as one chunk, and computes it as a chunk that was planned in this trace. */
async function runNext(trace: string | null): Promise<Run> {
  await tick(database);
  // A scheduler puts late buckets that lie scattered into one chunk; the tick of the tests does not.
  await database.query(`
    with others as (delete from silver.timeseries_chunk where chunk_id > (select min(chunk_id) from silver.timeseries_chunk) returning *)
    update silver.timeseries_chunk c set ranges = c.ranges + o.ranges, precise = c.precise + o.precise, buckets = c.buckets + o.buckets
    from (select range_agg(ranges) as ranges, range_agg(precise) as precise, sum(buckets) as buckets from others) as o
    where o.ranges is not null`);
  const [chunk] = await chunkIds(database);
  await database.query('select silver.start_chunk($1, $2, 1, $3)', [chunk?.chunk_id, 'w', trace]);
  const [run] = await database.query<Run>(`select * from silver.run_chunk($1, 'w', 1)`, [
    chunk?.chunk_id,
  ]);
  if (run === undefined) throw new Error('nothing was run');
  return run;
}

const namesOf = ({ steps }: Run) => steps?.map(({ step }) => step);
const sumOf = ({ steps }: Run, rows: string) =>
  steps?.reduce((sum, step) => sum + Number(step[rows] ?? 0), 0);

it('tells the steps of a chunk that carries a trace, in order, with what each read and wrote', async () => {
  const run = await runNext(trace);
  expect(namesOf(run)).toEqual(['lock', 'refresh_range', 'record']);
  const ends = run.steps?.map((step) => Number(step['until_ms'])) ?? [];
  expect(ends).toEqual(ends.toSorted((a, b) => a - b));
  expect(ends[0]).toBeGreaterThan(0);
  expect(ends[1]).toBeLessThanOrEqual(run.duration_ms);
  expect(run.steps?.[1]).toMatchObject({
    range: expect.stringMatching(/^\["2001-01-01 00:00:00\+00","20.*"\)$/),
    ranges: 1,
    rows_read: 24_000,
    rows_inserted: 1200,
    rows_updated: 0,
    rows_deleted: 0,
  });
  expect(Object.keys(run.steps?.[0] ?? {}).toSorted()).toEqual(['ranges', 'step', 'until_ms']);
});

it('tells of one that carries none nothing', async () => {
  await database.query(`update public.readings set value = 7 where at = '2001-01-01 00:10Z'`);
  expect((await runNext(null)).steps).toBeNull();
});

it('tells of groups computed by themselves how many there were', async () => {
  await database.query(
    `update silver.timeseries_rollup_config set late_precision = 'groups' where rollup_id = 1`,
  );
  await database.query(
    `update public.readings set value = 8 where at in ('2001-01-01 00:10Z', '2001-01-01 05:10Z', '2001-01-01 05:11Z')`,
  );
  const run = await runNext(trace);
  expect(namesOf(run)).toEqual(['lock', 'refresh_groups', 'record']);
  expect(run.steps?.[1]).toMatchObject({
    range: '["2001-01-01 00:00:00+00","2001-01-01 06:00:00+00")',
    ranges: 2,
    groups: 3,
    rows_read: 60,
    rows_updated: 3,
  });
});

it('has a step for each range, and one for those beyond the sixty-fourth step', async () => {
  await database.query(
    `update silver.timeseries_rollup_config set late_precision = 'buckets' where rollup_id = 1`,
  );
  await settle(database);
  await database.query(
    `update public.readings set value = value + 1000 where at = date_bin('5 hours', at, '2001-01-01Z')`,
  );
  const run = await runNext(trace);
  expect(run.steps).toHaveLength(65);
  const ranges = run.steps?.slice(1, -1) ?? [];
  expect(new Set(ranges.map(({ step }) => step))).toEqual(new Set(['refresh_range']));
  expect(ranges.slice(0, -1).map((step) => step['ranges'])).toEqual(Array(62).fill(1));
  // Sixty-two by themselves, and the other eighteen of eighty.
  expect(ranges.at(-1)).toMatchObject({
    range: '["2001-01-13 22:00:00+00","2001-01-17 12:00:00+00")',
    ranges: 18,
    rows_read: 18 * 60,
    rows_updated: 18,
  });
  expect([sumOf(run, 'rows_read'), sumOf(run, 'rows_updated')]).toEqual([80 * 60, 80]);
  expect([run['rows_read'], run['rows_updated']]).toEqual(['4800', '80']);
});
