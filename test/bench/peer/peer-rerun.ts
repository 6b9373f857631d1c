import { inRounds, type MeasuredVariant } from '../in-rounds.ts';
import type { BenchContext, Scenario } from '../scenario.ts';
import { dimensions, metrics } from '../scenarios/fill.ts';
import { change, measureRerun, walBytes } from '../scenarios/rerun.ts';
import { createAggregate, refreshAggregate } from './continuous-aggregate.ts';
import { hypertableReadings } from './hypertable-readings.ts';

/** A filled minute table again by Silver, and a continuous aggregate refreshed again: by force with nothing changed, and after a change. */
export const peerRerun: Scenario = {
  name: 'peer-rerun',
  description: 'computing a filled minute table and a continuous aggregate again',
  ratios: ['fill', 'unchanged', '1 % changed'].map((step) => ({
    name: `${step} / ${step} of the aggregate`,
    of: step,
    to: `${step}, aggregate`,
    wanted: null,
  })),
  limits: [],
  run: (context) =>
    inRounds(context, async (own) => [
      ...(await measureRerun(own)),
      ...(await measureAggregate(own)),
    ]),
};

async function measureAggregate({ copyOf }: BenchContext): Promise<readonly MeasuredVariant[]> {
  await using copy = await copyOf(hypertableReadings);
  await createAggregate(copy, {
    name: 'by_minute',
    interval: '1 minute',
    dimensions: Object.keys(dimensions),
    metrics: Object.keys(metrics),
  });
  const refresh = async (step: string, force: boolean): Promise<MeasuredVariant> => {
    const before = await walBytes(copy);
    const durationMs = await refreshAggregate(copy, 'by_minute', { force });
    const bytes = (await walBytes(copy)) - before;
    return { variant: `${step}, aggregate`, durationMs, details: { walBytes: bytes } };
  };
  const filled = await refresh('fill', false);
  const unchanged = await refresh('unchanged', true);
  await copy.client.query(change);
  return [filled, unchanged, await refresh('1 % changed', false)];
}
