import { type Attempt, attributeNames, type ChunkJob, chunkJob, isShort } from '@silver/shared';
import type { Job } from 'pg-boss';

/** A job as one attempt at one chunk. */
export interface Claim extends Attempt, Pick<ChunkJob, 'reason' | 'target' | 'traceparent'> {
  /** pg-boss gives the job to another after this long. */
  readonly expireInSeconds: number;
  /** Aborted when the claim is lost. Of a job that was taken along with another, undefined: what becomes of that holds for it. */
  readonly signal: AbortSignal;
  /** How long it should take, where it may share a transaction with others: it is short, is delivered for the first time, and nobody traces it. */
  readonly shortMs: number | undefined;
}

/** A job and the attempt that it is. */
export interface Taken {
  readonly job: Job<unknown>;
  readonly claim: Claim;
}

/** Reads a job's payload; undefined if it is not one of ours, for which there is no chunk to run. */
export function claimChunk(job: Job<unknown>, workerId: string): Claim | undefined {
  const payload = chunkJob.safeParse(job.data);
  if (!payload.success) {
    return undefined;
  }
  const { attemptsSpent, chunkId, expectedMs, reason, target, traceparent } = payload.data;
  return {
    chunkId,
    workerId,
    attempt: attemptsSpent + job.retryCount + 1,
    reason,
    target,
    traceparent,
    expireInSeconds: job.expireInSeconds,
    signal: job.signal,
    shortMs: job.retryCount === 0 && isShort(payload.data) ? expectedMs : undefined,
  };
}

/** An attempt by the names that log lines share. */
export function nameClaim({ attempt, chunkId, reason, target }: Claim) {
  return {
    [attributeNames.chunkId]: chunkId,
    [attributeNames.target]: target,
    [attributeNames.reason]: reason,
    [attributeNames.attempt]: attempt,
  };
}
