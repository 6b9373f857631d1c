import { dataEnd, dataStart, readings, secondsBetween } from '../data/readings.ts';
import { measureFill } from '../fleet/measure-fill.ts';
import {
  type BenchContext,
  isTrial,
  type Measured,
  measureInTurns,
  type Scenario,
  type Variant,
} from '../scenario.ts';
import { groupByHand, metricTypes } from '../server/group-by-hand.ts';
import { runByHand, windowsOf } from '../server/run-by-hand.ts';

export const intervals = { minute: '1 minute', quarter: '15 minutes', hour: '1 hour' } as const;
export type Level = keyof typeof intervals;
const levels = Object.keys(intervals) as readonly Level[];

/** Numbers of windows tried; the best of them counts. Fewer spill their hash tables, more pay for statements. */
const windowCounts = [8, 32, 64];

/** That of the readings, which Silver gives its target as well. */
export const indexes = ['device, "timestamp"'];
export const dimensions = { device: 'integer', site: 'text', kind: 'text' } as const;
export const metrics = {
  temperature: metricTypes.float,
  pressure: metricTypes.float,
  flow: metricTypes.integer,
  charge: metricTypes.numeric,
} as const;

/**
 * The first fill of a minute, a quarter-hour and an hour table of synthetic readings, by one and two workers, against SQL written by
 * hand: the whole table in one statement, and cut into windows by somebody who knows which are best, in one and two sessions.
 */
export const fill: Scenario = {
  name: 'fill',
  description: 'first fill of readings by device, site and kind',
  ratios: levels.flatMap((level) => [
    ratio(level, 'one worker', 'windows, 1 session', 1.05),
    ratio(level, 'two workers', 'windows, 2 sessions', 1.1),
    ratio(level, 'one worker', 'whole', level === 'minute' ? 0.57 : null),
    ratio(level, 'two workers', 'whole', level === 'minute' ? 0.43 : null),
    ratio(level, 'one worker of two slots', 'whole', null),
  ]),
  limits: [],
  explanation: `A fill is timed from the declaration until the fleet has nothing left to do, as seen every 20 ms. \`busyMs\` is what the chunks took, all workers together, and
\`chunksSpanMs\` from the first one's start to the last one's end: the rest are notices, looks and deliveries, a tenth of a second whatever the size, which counts where a fill takes one.
By hand the best number of windows is known beforehand. A worker has one slot here, and so one session, where it is not told otherwise; as Silver comes it has two.`,
  run: (context) =>
    measureInTurns(context, (isTrial(context) ? levels.slice(0, 1) : levels).flatMap(variantsOf)),
};

function ratio(level: Level, of: string, to: string, wanted: number | null) {
  return {
    name: `${level}: ${of} / ${to}`,
    of: `${level}: ${of}`,
    to: `${level}: ${to}`,
    wanted,
  };
}

/** A level's ways: by hand, whole and in windows, and by Silver. */
export function variantsOf(level: Level): readonly Variant[] {
  const rollup = {
    source: 'public.readings',
    target: `by_${level}`,
    interval: intervals[level],
    startFrom: dataStart,
    dimensions: Object.keys(dimensions),
  };
  return [
    { name: `${level}: whole`, measure: (own) => whole(own, level, '64MB') },
    { name: `${level}: whole, 1 GB`, measure: (own) => whole(own, level, '1GB') },
    { name: `${level}: windows, 1 session`, measure: (own) => bestWindows(own, level, 1) },
    { name: `${level}: windows, 2 sessions`, measure: (own) => bestWindows(own, level, 2) },
    { name: `${level}: one worker`, measure: (own) => measureFill(own, readings, rollup, 1) },
    { name: `${level}: two workers`, measure: (own) => measureFill(own, readings, rollup, 2) },
    {
      name: `${level}: one worker of two slots`,
      measure: (own) => measureFill(own, readings, rollup, 1, 2),
    },
  ];
}

function byHand(level: Level) {
  return groupByHand({
    source: 'public.readings',
    target: 'public.by_hand',
    interval: intervals[level],
    dimensions,
    indexes,
    metrics,
  });
}

async function whole(
  { copyOf, rows, signal }: BenchContext,
  level: Level,
  workMem: string,
): Promise<Measured> {
  await using copy = await copyOf(readings);
  const range = [[dataStart, dataEnd(rows)] as const];
  return await runByHand(copy, byHand(level), range, signal, { workMem });
}

async function bestWindows(
  { copyOf, rows, signal }: BenchContext,
  level: Level,
  sessions: number,
): Promise<Measured> {
  const step = { minute: 60, quarter: 900, hour: 3_600 }[level] * 1_000;
  const from = Date.parse(`${dataStart.replace(' ', 'T')}:00`);
  const to = Math.max(Date.parse(dataEnd(rows)), from + secondsBetween * 1_000);
  const cuts = windowCounts.map((count) => windowsOf(from, to, count, step));
  // Few rows have few buckets, and then cuts are the same.
  const different = new Map(cuts.map((windows) => [windows.length, windows])).values();
  const tried: Measured[] = [];
  for (const windows of different) {
    await using copy = await copyOf(readings);
    const measured = await runByHand(copy, byHand(level), windows, signal, { sessions });
    tried.push({ ...measured, details: { ...measured.details, windows: windows.length } });
  }
  return tried.reduce((one, other) => (other.durationMs < one.durationMs ? other : one));
}
