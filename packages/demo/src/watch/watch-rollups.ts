import { pause } from '@silver/shared';
import type { Client } from 'pg';
import { readSql } from '../run/read-sql.ts';

/** How far one rollup is: a row of `progress.sql`. */
export interface RollupProgress {
  readonly target: string;
  readonly isFromFlights: boolean;
  readonly pendingBuckets: number;
  readonly inFlight: number;
  readonly dead: number;
  readonly lastError: string | null;
  /** Nothing uncovered, dirty, logged, drained or in flight over the flights' days. */
  readonly isSettled: boolean;
  readonly coveredSeconds: number;
  readonly totalSeconds: number;
  readonly chunks: number;
  readonly lateChunks: number;
  readonly rowsRead: number;
  readonly forwardRowsRead: number;
  /** Null before its first chunk was committed. */
  readonly startedMs: number | null;
  readonly finishedMs: number | null;
  /** What its chunks took, added up. */
  readonly busyMs: number;
}

export interface WatchOptions {
  readonly client: Client;
  /** The days whose buckets count, as instants. */
  readonly from: string;
  readonly to: string;
  readonly signal: AbortSignal;
  /** Fails when what is waited for has not come by then. */
  readonly timeoutMs: number;
  readonly onProgress: (rollups: readonly RollupProgress[]) => void;
}

const lookIntervalMs = 300;

/** Looks at the rollups until a condition holds, and returns what it then saw. A dead chunk never heals: it fails at once. */
export async function watchRollups(
  { client, from, onProgress, signal, timeoutMs, to }: WatchOptions,
  isReached: (rollups: readonly RollupProgress[]) => boolean,
): Promise<readonly RollupProgress[]> {
  const text = await readSql(import.meta.url, 'progress.sql');
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    signal.throwIfAborted();
    const { rows } = await client.query<RollupProgress>({
      name: 'progress',
      text,
      values: [from, to],
    });
    onProgress(rows);
    if (isReached(rows)) {
      return rows;
    }
    const dead = rows.find((rollup) => rollup.dead > 0);
    if (dead !== undefined) {
      throw new Error(`${dead.target} has a dead chunk: ${dead.lastError}`);
    }
    if (performance.now() > deadline) {
      throw new Error(`not fresh within ${timeoutMs / 1000} s:\n${JSON.stringify(rows, null, 2)}`);
    }
    await pause(lookIntervalMs, signal);
  }
}

/** The share of the source's rows that the rollups of it have read: half-way is 0.5. */
export function shareRead(rollups: readonly RollupProgress[], sourceRows: number): number {
  const direct = rollups.filter(({ isFromFlights }) => isFromFlights);
  const read = direct.reduce((sum, { forwardRowsRead }) => sum + forwardRowsRead, 0);
  return read / (direct.length * sourceRows);
}

/** Everything that is due has been computed and nothing that was computed is in doubt. */
export function areFresh(rollups: readonly RollupProgress[]): boolean {
  return rollups.every(
    ({ inFlight, isSettled, pendingBuckets }) =>
      isSettled && pendingBuckets === 0 && inFlight === 0,
  );
}
