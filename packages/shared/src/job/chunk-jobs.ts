import type { Db, JobInsert, PgBoss } from 'pg-boss';
import type { DatabaseTransactionConnection } from 'slonik';
import { bossInTransaction } from '../database/boss-in-transaction.ts';
import { SilverError } from '../errors/silver-error.ts';
import type { ChunkJob, ChunkReason } from './chunk-job.ts';
import { chunkQueue } from './queues.ts';

/** How a rollup's chunks are retried, from its configuration. */
export interface RetryRules {
  readonly maxRetries: number;
  readonly retryDelayS: number;
  readonly retryDelayMaxS: number;
}

/** One chunk to be delivered. */
export interface Delivery {
  readonly jobId: string;
  readonly payload: ChunkJob;
  /** The rollup's own priority, added to that of the reason. */
  readonly rollupPriority: number;
  readonly retry: RetryRules;
}

/**
 * Freshness first, then corrections, then history. The gaps leave room for a rollup's own priority to reorder rollups
 * without a backfill of one overtaking the head of another by accident.
 */
const priorityByReason: Readonly<Record<ChunkReason, number>> = {
  forward: 30,
  late: 20,
  repair: 15,
  backfill: 10,
};

/** Added to the chunk timeout: PostgreSQL's own cancel must always come before pg-boss gives the job to another. */
const expiryMarginSeconds = 60;

/** The job of one chunk, with everything that bounds it. */
export function chunkJobInsert(
  { jobId, payload, rollupPriority, retry }: Delivery,
  chunkTimeoutMs: number,
): JobInsert<ChunkJob> {
  return {
    id: jobId,
    data: payload,
    singletonKey: payload.chunkId,
    priority: priorityByReason[payload.reason] + rollupPriority,
    retryLimit: retry.maxRetries,
    retryDelay: retry.retryDelayS,
    retryBackoff: true,
    retryDelayMax: retry.retryDelayMaxS,
    expireInSeconds: Math.ceil(chunkTimeoutMs / 1000) + expiryMarginSeconds,
  };
}

/**
 * Inserts the jobs of chunks in the transaction that plans them: both commit or neither does. pg-boss silently leaves
 * out a job whose key is taken; for a chunk just planned that cannot be, so it is an error and rolls the plan back.
 */
export async function deliverChunks(
  boss: PgBoss,
  transaction: DatabaseTransactionConnection,
  deliveries: readonly Delivery[],
  chunkTimeoutMs: number,
): Promise<void> {
  if (deliveries.length === 0) {
    return;
  }
  const jobs = deliveries.map((delivery) => chunkJobInsert(delivery, chunkTimeoutMs));
  const inserted = await boss.insert(chunkQueue, jobs, {
    db: withTraces(bossInTransaction(transaction)),
    returnId: true,
  });
  if (inserted?.length !== deliveries.length) {
    const missing = deliveries
      .filter(({ jobId }) => !inserted?.includes(jobId))
      .map(({ payload }) => payload.chunkId);
    throw new SilverError(
      'JOB_NOT_ENQUEUED',
      `pg-boss did not take the jobs of the chunks ${missing.join(', ')}.`,
      {
        details: { missing },
      },
    );
  }
}

/**
 * Lets each job carry the trace of its own chunk. pg-boss would give all jobs of an insert the one trace they were inserted in; what
 * it stores of it stands in the list of jobs that is the statement's parameter. Its span of the job then continues the trace.
 */
function withTraces(db: Db): Db {
  return {
    executeSql: (text, values = []) => {
      const [list, ...rest] = values;
      if (typeof list !== 'string' || !list.includes('"__traceContext"')) {
        return db.executeSql(text, values);
      }
      const jobs: { readonly data: ChunkJob }[] = JSON.parse(list);
      const traced = jobs.map((job) => ({ ...job, __traceContext: carrierOf(job.data) }));
      return db.executeSql(text, [JSON.stringify(traced), ...rest]);
    },
  };
}

function carrierOf({ traceparent }: ChunkJob): { readonly traceparent: string } | null {
  return traceparent === null ? null : { traceparent };
}
