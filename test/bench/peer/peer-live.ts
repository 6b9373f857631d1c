import { dataEnd } from '../data/readings.ts';
import { inRounds, type MeasuredVariant } from '../in-rounds.ts';
import type { BenchContext, Scenario } from '../scenario.ts';
import { dimensions, metrics } from '../scenarios/fill.ts';
import { measureLive, questions, shortestRead } from '../scenarios/live.ts';
import type { DatabaseCopy } from '../server/database-copies.ts';
import { createAggregate, refreshAggregate } from './continuous-aggregate.ts';
import { hypertableReadings } from './hypertable-readings.ts';

/**
 * Reading Silver's live view, and a continuous aggregate in real time. An aggregate adds rows newer than its last refresh, and shows what changed before as
 * it was: its tail is of new rows, Silver's of changed ones.
 */
export const peerLive: Scenario = {
  name: 'peer-live',
  description: 'reading the live view, and a continuous aggregate in real time',
  ratios: (
    [
      ['settled: all, view', 'settled: all, aggregate'],
      ['settled: point, view', 'settled: point, aggregate'],
      ['dirty tail: all, view', 'new tail: all, aggregate'],
    ] as const
  ).map(([of, to]) => ({ name: `${of} / ${to}`, of, to, wanted: null })),
  limits: [],
  run: (context) =>
    inRounds(context, async (own) => [
      ...(await measureLive(own)),
      ...(await measureAggregate(own)),
    ]),
};

async function measureAggregate({
  copyOf,
  rows,
}: BenchContext): Promise<readonly MeasuredVariant[]> {
  await using copy = await copyOf(hypertableReadings);
  await createAggregate(copy, {
    name: 'by_minute',
    interval: '1 minute',
    dimensions: Object.keys(dimensions),
    metrics: Object.keys(metrics),
  });
  await refreshAggregate(copy, 'by_minute');
  await copy.client.query('vacuum (analyze)');
  const settled = await measureReads(copy, 'settled');
  // The first hundredth of the time once more, after the end.
  await copy.client.query(
    `insert into public.readings
     select at + ($1::timestamptz - min(at) over ()), device, site, kind, temperature, pressure, flow, charge
     from public.readings where at < (select min(at) + (max(at) - min(at)) / 100 from public.readings)`,
    [dataEnd(rows)],
  );
  return [...settled, ...(await measureReads(copy, 'new tail'))];
}

async function measureReads(
  copy: DatabaseCopy,
  state: string,
): Promise<readonly MeasuredVariant[]> {
  const { rows } = await copy.client.query<{ at: string }>(
    'select min("timestamp")::text as at from public.by_minute',
  );
  const reads = {
    'all, aggregate': questions.everything('public.by_minute'),
    'point, aggregate': questions.point('public.by_minute', rows[0]?.at ?? '-infinity'),
  };
  const measured: MeasuredVariant[] = [];
  for (const [name, text] of Object.entries(reads)) {
    const durationMs = await shortestRead(copy, text);
    measured.push({ variant: `${state}: ${name}`, durationMs, details: {} });
  }
  return measured;
}
