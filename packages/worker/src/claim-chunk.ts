import { type Attempt, type ChunkJob, chunkJob } from '@silver/shared';
import type { Job } from 'pg-boss';

/** A job as one attempt at one chunk. */
export interface Claim extends Attempt, Pick<ChunkJob, 'reason' | 'target' | 'traceparent'> {
  /** Aborted when the claim is lost or the worker's grace to stop is over. */
  readonly signal: AbortSignal;
}

/** Reads a job's payload; undefined if it is not one of ours, for which there is no chunk to run. */
export function claimChunk(job: Job<unknown>, workerId: string): Claim | undefined {
  const payload = chunkJob.safeParse(job.data);
  if (!payload.success) {
    return undefined;
  }
  const { chunkId, reason, target, traceparent } = payload.data;
  return {
    chunkId,
    workerId,
    attempt: job.retryCount + 1,
    reason,
    target,
    traceparent,
    signal: job.signal,
  };
}
