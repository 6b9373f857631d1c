import {
  attributeNames,
  type Logger,
  measureChunk,
  type RunResult,
  type StartOutcome,
} from '@silver/shared';
import type { Job } from 'pg-boss';
import type { Claim } from './claim-chunk.ts';
import type { Settlement } from './settle-failure.ts';

/** How handling a job ended; the outcome is kept as the job's output. Only what pg-boss is to retry is thrown; these complete the job. */
export type ChunkOutcome =
  | RunResult
  | { readonly outcome: Exclude<StartOutcome, 'started'> | Settlement | 'unreadable' };

/** Tells metrics and log how an attempt ended that did not fail. */
export function tellOutcome(
  logger: Logger,
  claim: Claim,
  outcome: ChunkOutcome,
  durationMs: number,
): void {
  measureChunk({ ...outcome, target: claim.target, reason: claim.reason, durationMs });
  logger.debug(
    { ...describeAttempt(claim, outcome), [attributeNames.durationMs]: Math.round(durationMs) },
    'chunk finished',
  );
}

/** Tells the log of a job that is none of Silver's. Completing it is safe: a chunk left without a job is delivered again by the scheduler. */
export function tellUnreadable(
  logger: Logger,
  job: Job<unknown>,
): { readonly outcome: 'unreadable' } {
  logger.error({ [attributeNames.jobId]: job.id, data: job.data }, 'a job cannot be read');
  return { outcome: 'unreadable' };
}

/** An attempt and what it did by the names that spans and logs share. */
export function describeAttempt(
  claim: Claim,
  outcome?: ChunkOutcome,
): Record<string, number | string> {
  return {
    [attributeNames.chunkId]: claim.chunkId,
    [attributeNames.attempt]: claim.attempt,
    [attributeNames.target]: claim.target,
    [attributeNames.reason]: claim.reason,
    [attributeNames.workerId]: claim.workerId,
    ...(outcome !== undefined && { [attributeNames.outcome]: outcome.outcome }),
    ...(outcome !== undefined &&
      'rowsRead' in outcome && {
        [attributeNames.buckets]: outcome.buckets,
        [attributeNames.rowsRead]: outcome.rowsRead,
        [attributeNames.rowsInserted]: outcome.rowsInserted,
        [attributeNames.rowsUpdated]: outcome.rowsUpdated,
        [attributeNames.rowsDeleted]: outcome.rowsDeleted,
      }),
  };
}
