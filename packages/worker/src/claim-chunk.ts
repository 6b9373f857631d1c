import { type Attempt, type ChunkJob, chunkJob } from '@silver/shared';
import type { Job } from 'pg-boss';

/** A job as one attempt at one chunk. */
export interface Claim extends Attempt, Pick<ChunkJob, 'reason' | 'target' | 'traceparent'> {
  /** pg-boss gives the job to another after this long. */
  readonly expireInSeconds: number;
  /** Aborted when the claim is lost. */
  readonly signal: AbortSignal;
}

/** Reads a job's payload; undefined if it is not one of ours, for which there is no chunk to run. */
export function claimChunk(job: Job<unknown>, workerId: string): Claim | undefined {
  const payload = chunkJob.safeParse(job.data);
  if (!payload.success) {
    return undefined;
  }
  const { attemptsSpent, chunkId, reason, target, traceparent } = payload.data;
  return {
    chunkId,
    workerId,
    attempt: attemptsSpent + job.retryCount + 1,
    reason,
    target,
    traceparent,
    expireInSeconds: job.expireInSeconds,
    signal: job.signal,
  };
}
