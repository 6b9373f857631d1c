import type { PgBoss, Queue } from 'pg-boss';

/** The schema pg-boss keeps its tables in. */
export const queueSchema = 'silver_pgboss';

/** The queue every chunk goes through, and the one its job goes to when it is out of attempts. */
export const chunkQueue = 'silver-chunk';
export const deadChunkQueue = 'silver-chunk-dead';

/** A worker that is killed is noticed after this long, plus one pass of a scheduler's supervisor. pg-boss's minimum. */
const heartbeatSeconds = 10;

const queues: readonly Queue[] = [
  {
    name: deadChunkQueue,
    policy: 'exclusive',
    // Burying a chunk is one small statement: if it fails, the database is in trouble, and time is what helps.
    retryLimit: 1_000,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 60,
    expireInSeconds: 60,
    heartbeatSeconds,
    retentionSeconds: 14 * 86_400,
    deleteAfterSeconds: 86_400,
    notify: true,
  },
  {
    name: chunkQueue,
    // The only policy that keeps a chunk from being queued or active twice; the key is the chunk's id.
    policy: 'exclusive',
    deadLetter: deadChunkQueue,
    // Defaults only: every job carries its rollup's own.
    retryLimit: 10,
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 300,
    expireInSeconds: 900,
    heartbeatSeconds,
    retentionSeconds: 14 * 86_400,
    // timeseries_refresh_log is the record of what ran; finished jobs only slow the next fetch down.
    deleteAfterSeconds: 600,
    notify: true,
  },
];

/** Creates both queues, or brings what may change of them up to date. Policy is fixed at creation. */
export async function createQueues(boss: PgBoss): Promise<void> {
  for (const { name, policy, ...options } of queues) {
    await boss.createQueue(name, { policy: policy ?? 'standard', ...options });
    await boss.updateQueue(name, options);
  }
}
