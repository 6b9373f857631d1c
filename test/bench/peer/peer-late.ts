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
  ratios: changes.map(({ name }) => ({
    name: `${name} / ${name} in aggregates`,
    of: name,
    to: `${name}: aggregates`,
    wanted: null,
  })),
  limits: [],
  run: (context) =>
    inRounds(context, async (own) => [
      ...(await measureLate(own)),
      ...(await measureAggregates(own)),
    ]),
};

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
