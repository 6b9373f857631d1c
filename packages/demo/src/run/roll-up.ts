import { applyChange } from '../change/apply-change.ts';
import { type Change, planChange } from '../change/plan-change.ts';
import { whole } from '../report/render-report.ts';
import { createRollupBars } from '../watch/rollup-bars.ts';
import {
  areFresh,
  type RollupProgress,
  shareRead,
  type WatchOptions,
  watchRollups,
} from '../watch/watch-rollups.ts';
import type { Stage } from './run-demo.ts';

const firstDay = new Date('2001-01-01T00:00:00Z');
const dayMs = 86_400_000;
const lateRows = 10_000;
const seed = 2001;
/** Half-way, and then fresh: each must come within this, many times what two cores need. */
const waitTimeoutMs = 300_000;

/** What became of the source, and how the rollups stand once they are fresh. */
export interface RolledUp {
  readonly change: Change;
  readonly rollups: readonly RollupProgress[];
}

/** Watches the fleet work, changes the source under it half-way, and waits until every rollup is fresh again. */
export async function rollUp({
  client,
  options,
  screen,
  signal,
  stopwatch,
}: Stage): Promise<RolledUp> {
  const days = await countDays(client);
  const bars = createRollupBars();
  const watch: WatchOptions = {
    client,
    from: firstDay.toISOString(),
    to: new Date(firstDay.getTime() + days * dayMs).toISOString(),
    signal,
    timeoutMs: waitTimeoutMs,
    onProgress: (rollups) => screen.show(bars(rollups, performance.now())),
  };
  const isHalfWay = (rollups: readonly RollupProgress[]) => shareRead(rollups, options.rows) >= 0.5;
  await stopwatch.time('roll up, first half', () => watchRollups(watch, isHalfWay));

  const change = planChange({
    firstDay,
    days,
    // A tenth of a small part, so that most of its buckets stay as the file has them.
    lateRows: Math.min(lateRows, Math.ceil(options.rows / 10)),
    seed,
  });
  const { deletedRows, insertedRows } = await stopwatch.time('change the source', () =>
    applyChange(client, change),
  );
  screen.say(
    `half-way: ${whole(insertedRows)} late flights came, ${whole(deletedRows)} were deleted`,
  );
  const rollups = await stopwatch.time('roll up, the rest', () => watchRollups(watch, areFresh));
  screen.settle();
  screen.say('all rollups are fresh');
  return { change, rollups };
}

/** Days from the first to that of the last flight loaded. */
async function countDays(client: Stage['client']): Promise<number> {
  const { rows } = await client.query<{ last: Date }>(
    'select max(date) as last from public.flights',
  );
  const last = rows[0]?.last ?? firstDay;
  return Math.floor((last.getTime() - firstDay.getTime()) / dayMs) + 1;
}
