import { type Config, chunkQueue, type Problem } from '@silver/shared';
import type { WipData } from 'pg-boss';

/** Past what a chunk or a poll may take, how long a slot may be silent. */
const overdueMs = 90_000;

/**
 * What is wrong with the loops that take chunks, by pg-boss's own account of them; undefined: nothing. A slot that fetches in
 * vain because the database is away goes on; one that has not come back from a fetch or a chunk has stalled.
 */
export function stalledSlot(
  slots: readonly Pick<
    WipData,
    'count' | 'createdOn' | 'lastErrorOn' | 'lastFetchedOn' | 'name' | 'state'
  >[],
  { chunkTimeoutMs, pollIntervalMs }: Pick<Config, 'chunkTimeoutMs' | 'pollIntervalMs'>,
  now: number,
): Problem {
  for (const { count, createdOn, lastErrorOn, lastFetchedOn, name, state } of slots) {
    if (name !== chunkQueue) {
      continue;
    }
    if (state === 'stopped') {
      return 'a slot has stopped';
    }
    const mayTakeMs = count > 0 ? chunkTimeoutMs : pollIntervalMs;
    const silentMs = now - Math.max(createdOn, lastFetchedOn ?? 0, lastErrorOn ?? 0);
    if (silentMs > mayTakeMs + overdueMs) {
      return count > 0
        ? `a chunk has been running for ${silentMs} ms`
        : `a slot has not looked for a chunk for ${silentMs} ms`;
    }
  }
  return undefined;
}
