import { dataEnd, dataStart, readings } from '../data/readings.ts';
import { declareRollup } from '../fleet/rollup.ts';
import { startFleet } from '../fleet/start-fleet.ts';
import { inRounds, type MeasuredVariant } from '../in-rounds.ts';
import type { BenchContext, Scenario } from '../scenario.ts';
import type { DatabaseCopy } from '../server/database-copies.ts';

const repeats = 5;

/** What is asked of the table, of its live view, and of the source: a bucket's rows of one device, and all of it by kind. */
export const questions = {
  point: (from: string, at: string) =>
    `select * from ${from} where "timestamp" = '${at}' and device = 7`,
  everything: (from: string) =>
    `select kind, sum(row_count), max(max_flow) from ${from} group by kind`,
} as const;

/**
 * Reading the live view of a minute table, settled and with a tail that is still to be computed, against the table (which is not
 * right then) and against the source aggregated from scratch.
 */
export const live: Scenario = {
  name: 'live',
  description: 'reading the live view of a minute table',
  ratios: ['settled', 'dirty tail'].flatMap((state) => [
    {
      name: `${state}: all, view / table`,
      of: `${state}: all, view`,
      to: `${state}: all, table`,
      wanted: null,
    },
    {
      name: `${state}: all, view / source`,
      of: `${state}: all, view`,
      to: `${state}: all, source`,
      wanted: null,
    },
    {
      name: `${state}: point, view / table`,
      of: `${state}: point, view`,
      to: `${state}: point, table`,
      wanted: null,
    },
  ]),
  limits: [],
  run: (context) => inRounds(context, measureLive),
};

/** One round of it. */
export async function measureLive({
  copyOf,
  rows,
  signal,
}: BenchContext): Promise<readonly MeasuredVariant[]> {
  await using copy = await copyOf(readings);
  {
    await using fleet = await startFleet(copy, 2, signal);
    await declareRollup(copy, {
      source: 'public.readings',
      target: 'by_minute',
      interval: '1 minute',
      startFrom: dataStart,
      dimensions: ['device', 'site', 'kind'],
    });
    await fleet.untilSettled();
  }
  await copy.client.query('vacuum (analyze) public.by_minute');
  const settled = await measureReads(copy, 'settled');
  // The last hundredth of the time; nobody computes it, for the fleet has stopped.
  const end = Date.parse(dataEnd(rows));
  const tail = new Date(end - (end - Date.parse(`${dataStart.replace(' ', 'T')}:00`)) / 100);
  await copy.client.query('update public.readings set flow = flow + 1 where at >= $1', [
    tail.toISOString(),
  ]);
  return [...settled, ...(await measureReads(copy, 'dirty tail'))];
}

async function measureReads(
  copy: DatabaseCopy,
  state: string,
): Promise<readonly MeasuredVariant[]> {
  const at = dataStart;
  const source = `(select date_bin('1 minute', at, '2000-01-03 00:00Z') as "timestamp", device, site, kind, count(*) as row_count,
    max(flow) as max_flow, min(flow) as min_flow, avg(temperature) as avg_temperature from public.readings group by 1, 2, 3, 4) as s`;
  const reads = {
    'all, table': questions.everything('public.by_minute'),
    'all, view': questions.everything('public.by_minute_live'),
    'all, source': questions.everything(source),
    'point, table': questions.point('public.by_minute', at),
    'point, view': questions.point('public.by_minute_live', at),
  };
  const measured: MeasuredVariant[] = [];
  for (const [name, text] of Object.entries(reads)) {
    measured.push({
      variant: `${state}: ${name}`,
      durationMs: await shortestRead(copy, text),
      details: {},
    });
  }
  return measured;
}

/** Milliseconds of the shortest of some reads, after a first one that found its pages. */
export async function shortestRead(
  { client }: Pick<DatabaseCopy, 'client'>,
  text: string,
): Promise<number> {
  await client.query(text);
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const startedAt = performance.now();
    await client.query(text);
    times.push(performance.now() - startedAt);
  }
  return Math.min(...times);
}
