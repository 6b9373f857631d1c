import { dataStart, devices, readings, secondsBetween, ticksOf } from '../data/readings.ts';
import { explainRefreshes, now } from '../fleet/explain-refreshes.ts';
import { declareRollup } from '../fleet/rollup.ts';
import { startFleet } from '../fleet/start-fleet.ts';
import { inRounds, type MeasuredVariant } from '../in-rounds.ts';
import type { BenchContext, Scenario } from '../scenario.ts';
import { computeByHand, copyTargets, storeByHand } from '../server/late-by-hand.ts';
import { sessionSettings } from '../server/start-bench-server.ts';
import { dimensions } from './fill.ts';

/**
 * Late changes to a filled minute table and the hour table above it, from their commit until both are right: by one worker. Beside each
 * stands what the bare SQL costs that computes the touched buckets of the minute table, or just the touched groups, and, of a copy of the table,
 * writes those groups where they are stored; and what the minute table's chunks alone took, without the rest of late changes and the
 * scheduler's turn.
 */
export const late: Scenario = {
  name: 'late',
  description: 'late rows, updates and deletes in a minute table and its hourly child',
  ratios: [
    {
      name: 'bursts / touched buckets by hand',
      of: 'bursts',
      to: 'bursts: buckets by hand',
      wanted: null,
    },
    {
      name: 'scattered / touched buckets by hand',
      of: 'scattered',
      to: 'scattered: buckets by hand',
      wanted: null,
    },
    {
      name: 'chunks of scattered / touched groups by hand, stored',
      of: 'scattered: chunks',
      to: 'scattered: groups by hand, stored',
      wanted: 1.3,
    },
    {
      name: 'chunks of scattered / touched groups by hand, computed alone',
      of: 'scattered: chunks',
      to: 'scattered: groups by hand',
      wanted: null,
    },
    {
      name: 'chunks of scattered / touched buckets by hand',
      of: 'scattered: chunks',
      to: 'scattered: buckets by hand',
      wanted: 0.1,
    },
    {
      name: 'chunks of the hour after scattered / its touched groups by hand, stored',
      of: 'scattered: chunks of the hour',
      to: 'scattered: hour by hand, stored',
      wanted: null,
    },
    {
      name: 'updates / touched buckets by hand',
      of: 'updates',
      to: 'updates: buckets by hand',
      wanted: null,
    },
    {
      name: 'one device / touched buckets by hand',
      of: 'one device',
      to: 'one device: buckets by hand',
      wanted: null,
    },
  ],
  limits: [
    {
      name: 'bursts beyond the bare cost, ms',
      variant: 'bursts',
      detail: 'beyondBareMs',
      wanted: 500,
    },
    {
      name: 'chunks of the hour after scattered, ms',
      variant: 'scattered',
      detail: 'hourBusyMs',
      wanted: 300,
    },
  ],
  explanation: `Late work is planned at most once in \`rerun_interval\`, a second by default, at each level of a hierarchy, so that buckets dirtied without end are
not computed without end. So from commit until both levels are right there are up to two such waits, whatever the cost: \`waitedMs\` is the time in which
no chunk of either was at work. What the rows cost is that of the chunks: \`busyMs\` of the minute table, \`hourBusyMs\` of the hour.
Scattered rows touch a third of all groups of the hour table: whoever computes those, of Silver or by hand, reads the whole minute table.`,
  run: (context) => inRounds(context, measureLate),
};

interface Change {
  readonly name: string;
  /** Makes the change, and fills the temporary table `touched (device, at)`. */
  readonly statement: (rows: number) => string;
}

const inserted = 'at, device, site, kind, temperature, pressure, flow, charge';
const valuesOf = (device: string, at: string) =>
  `select ${at}, ${device}, 'site ' || ${device} % 20, (array['meter', 'pump', 'valve', 'fan'])[${device} % 4 + 1], 20, 1000, 1, 1`;

/** Each is made on top of those before. */
export const changes: readonly Change[] = [
  {
    name: 'bursts',
    // 100 of them, each of one device within ten seconds.
    statement: (rows) => `with added as (
      insert into public.readings (${inserted})
      ${valuesOf('n % 100 * 7', `timestamptz '${dataStart}' + (n % 100) * ${spanOf(rows)} / 100 * interval '1 second' + n * interval '1 millisecond'`)}
      from generate_series(0, ${share(rows, 10_000)} - 1) as n returning device, at)
      insert into touched select device, at from added`,
  },
  {
    name: 'scattered',
    statement: (rows) => `with added as (
      insert into public.readings (${inserted})
      ${valuesOf(`(hashint8(n) & 65535) % ${devices}`, `timestamptz '${dataStart}' + (hashint8(n + 7) & 1048575) / 1048576.0 * ${spanOf(rows)} * interval '1 second'`)}
      from generate_series(1, ${share(rows, 10_000)}::bigint) as n returning device, at)
      insert into touched select device, at from added`,
  },
  {
    name: 'updates',
    // Rows that follow each other, as a correction of a stretch would.
    statement: (rows) => `with changed as (
      update public.readings set flow = flow + 1
      where at >= timestamptz '${dataStart}' + interval '${secondsBetween} seconds'
        and at < timestamptz '${dataStart}' + interval '${secondsBetween} seconds' * ${1 + Math.max(1, Math.round(share(rows, 100_000) / devices))}
      returning device, at)
      insert into touched select device, at from changed`,
  },
  {
    name: 'one device',
    statement:
      () => `with gone as (delete from public.readings where device = 77 returning device, at)
      insert into touched select device, at from gone`,
  },
];

/** Seconds from the first row to the last. */
function spanOf(rows: number): number {
  return ticksOf(rows) * secondsBetween;
}

/** As many of so many rows as there are of 10,000,000. */
function share(rows: number, of: number): number {
  return Math.max(100, Math.round((of * rows) / 10_000_000));
}

/** One round of it. */
export async function measureLate(context: BenchContext): Promise<readonly MeasuredVariant[]> {
  const { copyOf, rows, signal } = context;
  const measured: MeasuredVariant[] = [];
  await using copy = await copyOf(readings);
  for (const [name, value] of Object.entries(sessionSettings)) {
    await copy.client.query('select set_config($1, $2, false)', [name, value]); // for what is run by hand
  }
  await using fleet = await startFleet(copy, 1, signal);
  await declareRollup(copy, {
    source: 'public.readings',
    target: 'by_minute',
    interval: '1 minute',
    startFrom: dataStart,
    dimensions: Object.keys(dimensions),
  });
  await declareRollup(copy, {
    source: 'public.by_minute',
    target: 'by_hour',
    interval: '1 hour',
    startFrom: dataStart,
  });
  await fleet.untilSettled();
  await copyTargets(copy);
  for (const { name, statement } of changes) {
    await copy.client.query('drop table if exists touched');
    await copy.client.query('create temporary table touched (device integer, at timestamptz)');
    const since = await now(copy);
    await copy.client.query(statement(rows));
    const startedAt = performance.now();
    await fleet.untilSettled();
    const durationMs = performance.now() - startedAt;
    const minute = await explainRefreshes(copy, 'public.by_minute', since);
    const hour = await explainRefreshes(copy, 'public.by_hour', since);
    const bucketsMs = await computeByHand(copy, 'buckets');
    const groupsMs = await computeByHand(copy, 'groups');
    const storedMs = await storeByHand(copy, 'minute');
    const hourStoredMs = await storeByHand(copy, 'hour');
    measured.push(
      {
        variant: name,
        durationMs,
        details: {
          ...minute,
          hourBusyMs: hour['busyMs'] ?? 0,
          waitedMs: durationMs - (minute['busyMs'] ?? 0) - (hour['busyMs'] ?? 0),
          beyondBareMs: durationMs - bucketsMs,
        },
      },
      { variant: `${name}: chunks`, durationMs: minute['busyMs'] ?? 0, details: {} },
      { variant: `${name}: buckets by hand`, durationMs: bucketsMs, details: {} },
      { variant: `${name}: groups by hand`, durationMs: groupsMs, details: {} },
      { variant: `${name}: groups by hand, stored`, durationMs: storedMs, details: {} },
      { variant: `${name}: chunks of the hour`, durationMs: hour['busyMs'] ?? 0, details: hour },
      { variant: `${name}: hour by hand, stored`, durationMs: hourStoredMs, details: {} },
    );
  }
  return measured;
}
