import { dataEnd, dataStart, readings } from '../data/readings.ts';
import { explainRefreshes, now } from '../fleet/explain-refreshes.ts';
import { declareRollup } from '../fleet/rollup.ts';
import { startFleet } from '../fleet/start-fleet.ts';
import { inRounds, type MeasuredVariant } from '../in-rounds.ts';
import type { BenchContext, Scenario } from '../scenario.ts';
import type { DatabaseCopy } from '../server/database-copies.ts';

/** All chunks of a filled minute table again, by one worker: with nothing changed, and with one row in a hundred changed. */
export const rerun: Scenario = {
  name: 'rerun',
  description: 'computing a filled minute table again',
  ratios: [
    { name: 'unchanged / fill', of: 'unchanged', to: 'fill', wanted: 0.75 },
    { name: '1 % changed / fill', of: '1 % changed', to: 'fill', wanted: null },
  ],
  limits: [
    {
      name: 'WAL of an unchanged chunk',
      variant: 'unchanged',
      detail: 'walBytesPerChunk',
      wanted: 2_048,
    },
    { name: 'rows written unchanged', variant: 'unchanged', detail: 'rowsWritten', wanted: 0 },
  ],
  explanation: `The log counted here is everything's: of each chunk's bytes pg-boss takes over 2,000 for its job alone; [fleet](#fleet) shows the parts. A rollup with nothing dirty is not
computed at all: \`unchanged\` was asked for with \`silver.invalidate\`.`,
  run: (context) => inRounds(context, measureRerun),
};

/** One row in a hundred is another. */
export const change = 'update public.readings set flow = flow + 1 where device % 100 = 7';

/** One round of it. */
export async function measureRerun({
  copyOf,
  rows,
  signal,
}: BenchContext): Promise<readonly MeasuredVariant[]> {
  await using copy = await copyOf(readings);
  await using fleet = await startFleet(copy, 1, signal);
  const run = async (variant: string, begin: () => Promise<unknown>) => {
    const since = await now(copy);
    const walBefore = await walBytes(copy);
    const startedAt = performance.now();
    await begin();
    await fleet.untilSettled();
    const durationMs = performance.now() - startedAt;
    const bytes = (await walBytes(copy)) - walBefore;
    const refreshes = await explainRefreshes(copy, 'public.by_minute', since);
    const walBytesPerChunk = bytes / Math.max(1, refreshes['chunks'] ?? 1);
    return { variant, durationMs, details: { ...refreshes, walBytesPerChunk } };
  };
  const filled = await run('fill', () =>
    declareRollup(copy, {
      source: 'public.readings',
      target: 'by_minute',
      interval: '1 minute',
      startFrom: dataStart,
      dimensions: ['device', 'site', 'kind'],
    }),
  );
  const range = [dataStart, dataEnd(rows)];
  const unchanged = await run('unchanged', () =>
    copy.client.query(`select silver.invalidate('public.by_minute', $1, $2)`, range),
  );
  // The change itself is not measured: it is made while the rollup is paused.
  await copy.client.query(`select silver.pause_rollup('public.by_minute')`);
  await copy.client.query(change);
  const changed = await run('1 % changed', () =>
    copy.client.query(`select silver.resume_rollup('public.by_minute')`),
  );
  return [filled, unchanged, changed];
}

/** Written to the log so far, by whoever. */
export async function walBytes({ client }: Pick<DatabaseCopy, 'client'>): Promise<number> {
  const { rows } = await client.query<{ bytes: number }>(
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as bytes`,
  );
  return rows[0]?.bytes ?? 0;
}
