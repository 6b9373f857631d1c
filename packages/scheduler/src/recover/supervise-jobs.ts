import type { PgBoss } from 'pg-boss';

/** With this and the 10-second heartbeat, the job of a worker that hangs comes back in 10 to 15 seconds, before its backoff. */
const busyMs = 5_000;
/** Old jobs are deleted this often while nothing is in flight. */
const idleMs = 60_000;

/**
 * Has pg-boss watch heartbeats, expire jobs and delete old ones, often while chunks are in flight and seldom otherwise: a pass is two
 * dozen statements, and on a timer of pg-boss's own they were half of what an idle fleet asked of the server. Any number of schedulers
 * may do this: a pass takes the queues that are due.
 */
export function superviseJobs(
  boss: Pick<PgBoss, 'supervise'>,
): (inFlight: number) => Promise<void> {
  let supervisedAt = Number.NEGATIVE_INFINITY;
  return async (inFlight) => {
    const agoMs = performance.now() - supervisedAt;
    if (agoMs >= (inFlight > 0 ? busyMs : idleMs)) {
      supervisedAt = performance.now();
      await boss.supervise();
    }
  };
}
