import { inRounds, type MeasuredVariant } from '../in-rounds.ts';
import type { BenchContext, Scenario } from '../scenario.ts';
import { dimensions, metrics } from '../scenarios/fill.ts';
import { changes, measureLate } from '../scenarios/late.ts';
import { createAggregate, refreshAggregate } from './continuous-aggregate.ts';
import { hypertableReadings } from './hypertable-readings.ts';

const intervals = { by_minute: '1 minute', by_hour: '1 hour' } as const;

/** The same late changes to both: Silver's minute and hour table, and a minute and an hour aggregate of a hypertable, refreshed one after the other. */
export const peerLate: Scenario = {
  name: 'peer-late',
  description: 'late rows, updates and deletes, against continuous aggregates',
  ratios: changes.flatMap(({ name }) =>
    [name, `${name}: both levels' chunks`].map((of) => ({
      name: `${of} / ${name} in aggregates`,
      of,
      to: `${name}: aggregates`,
      wanted: null,
    })),
  ),
  limits: [],
  explanation: `Aggregates are refreshed at once, by hand. Silver finds out by itself, waits as [late](#late) says, and is timed from the commit until both levels are right;
beside that stands what the chunks of both levels took.`,
  run: (context) =>
    inRounds(context, async (own) => [
      ...withBothLevels(await measureLate(own)),
      ...(await measureAggregates(own)),
    ]),
};

/** Adds what the chunks of the minute and of the hour table took together. */
function withBothLevels(measured: readonly MeasuredVariant[]): readonly MeasuredVariant[] {
  const took = (variant: string) =>
    measured.find((one) => one.variant === variant)?.durationMs ?? Number.NaN;
  return [
    ...measured,
    ...changes.map(({ name }) => ({
      variant: `${name}: both levels' chunks`,
      durationMs: took(`${name}: chunks`) + took(`${name}: chunks of the hour`),
      details: {},
    })),
  ];
}

async function measureAggregates({
  copyOf,
  rows,
}: BenchContext): Promise<readonly MeasuredVariant[]> {
  await using copy = await copyOf(hypertableReadings);
  for (const [name, interval] of Object.entries(intervals)) {
    await createAggregate(copy, {
      name,
      interval,
      dimensions: Object.keys(dimensions),
      metrics: Object.keys(metrics),
    });
    await refreshAggregate(copy, name);
  }
  const measured: MeasuredVariant[] = [];
  for (const { name, statement } of changes) {
    await copy.client.query('drop table if exists touched');
    await copy.client.query('create temporary table touched (device integer, at timestamptz)');
    await copy.client.query(statement(rows));
    const minuteMs = await refreshAggregate(copy, 'by_minute');
    const hourMs = await refreshAggregate(copy, 'by_hour');
    measured.push({
      variant: `${name}: aggregates`,
      durationMs: minuteMs + hourMs,
      details: { minuteMs, hourMs },
    });
  }
  return measured;
}
