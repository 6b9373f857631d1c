import {
  type BenchContext,
  isTrial,
  type Measured,
  measureInTurns,
  type Scenario,
} from '../scenario.ts';
import { dimensions, intervals, type Level, metrics, variantsOf } from '../scenarios/fill.ts';
import { createAggregate, refreshAggregate } from './continuous-aggregate.ts';
import { hypertableReadings } from './hypertable-readings.ts';

const levels: readonly Level[] = ['minute', 'hour'];

/** The first fill by Silver and by SQL written by hand, of a plain table, against the first refresh of a continuous aggregate, of a hypertable. */
export const peerFill: Scenario = {
  name: 'peer-fill',
  description: 'first fill of readings, and the first refresh of a continuous aggregate',
  ratios: levels.flatMap((level) =>
    ['one worker', 'two workers', 'continuous aggregate'].map((of) => ({
      name: `${level}: ${of} / whole`,
      of: `${level}: ${of}`,
      to: `${level}: whole`,
      wanted: null,
    })),
  ),
  limits: [],
  run: (context) =>
    measureInTurns(
      context,
      (isTrial(context) ? levels.slice(0, 1) : levels).flatMap((level) => [
        ...variantsOf(level),
        { name: `${level}: continuous aggregate`, measure: (own) => firstRefresh(own, level) },
      ]),
    ),
};

async function firstRefresh({ copyOf }: BenchContext, level: Level): Promise<Measured> {
  await using copy = await copyOf(hypertableReadings);
  await createAggregate(copy, {
    name: `by_${level}`,
    interval: intervals[level],
    dimensions: Object.keys(dimensions),
    metrics: Object.keys(metrics),
  });
  return { durationMs: await refreshAggregate(copy, `by_${level}`), details: {} };
}
