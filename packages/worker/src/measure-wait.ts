import { chunkJob, measureQueueWait } from '@silver/shared';
import type { Job, JobWithMetadata } from 'pg-boss';

/**
 * Measures how long a job waited after it could be fetched: after it was sent, or after the pause before a retry. By the
 * database's clock alone; only jobs fetched with their metadata tell it.
 */
export function measureWait(job: Job<unknown> | JobWithMetadata<unknown>): void {
  const payload = chunkJob.safeParse(job.data);
  if ('startedOn' in job && payload.success) {
    const { createdOn, startAfter, startedOn } = job;
    const since = Math.max(createdOn.getTime(), startAfter.getTime());
    measureQueueWait(startedOn.getTime() - since, payload.data.reason);
  }
}
