import type { Db, JobInsert, PgBoss } from 'pg-boss';
import type { z } from 'zod';
import { SilverError } from '../errors/silver-error.ts';
import type { ChunkReason, chunkJob } from './chunk-job.ts';
import { chunkQueue } from './queues.ts';
import { aloneGroup, isShort } from './short-chunk.ts';

/** How a rollup's chunks are retried, from its configuration. */
export interface RetryRules {
  readonly maxRetries: number;
  readonly retryDelayS: number;
  readonly retryDelayMaxS: number;
}

/** What a job of the chunk queue carries, as it is sent. */
export type ChunkPayload = z.input<typeof chunkJob>;

/** One chunk to be delivered. */
export interface Delivery {
  readonly jobId: string;
  readonly payload: ChunkPayload;
  /** The rollup's own priority and, of a backfill, the order's: added to that of the reason. */
  readonly rollupPriority: number;
  readonly retry: RetryRules;
  /** How long the chunk may take, by its rollup; a program's own cap may be lower. */
  readonly chunkTimeoutMs: number;
  /** Not delivered before this long; default: at once. */
  readonly delayS?: number;
}

/**
 * Freshness first, then corrections; the gaps leave room for a rollup's own priority to reorder rollups. History last,
 * whatever the priorities of rollups and orders, each of which is at most 1,000: a backfill never overtakes live work.
 */
const priorityByReason: Readonly<Record<ChunkReason, number>> = {
  forward: 30,
  late: 20,
  repair: 15,
  backfill: -3_000,
};

/** No job of live work has less, and each of a backfill has. */
export const leastLivePriority = -999;

/** Added to the chunk timeout: PostgreSQL's own cancel must always come before pg-boss gives the job to another. */
export const expiryMarginSeconds = 60;

/** The job of one chunk, with everything that bounds it. */
export function chunkJobInsert(
  { chunkTimeoutMs, delayS = 0, jobId, payload, rollupPriority, retry }: Delivery,
  chunkTimeoutCapMs: number,
): JobInsert<ChunkPayload> {
  const timeoutMs = Math.min(chunkTimeoutMs, chunkTimeoutCapMs);
  return {
    id: jobId,
    data: payload,
    singletonKey: payload.chunkId,
    priority: priorityByReason[payload.reason] + rollupPriority,
    ...(delayS > 0 && { startAfter: delayS }),
    ...(!isShort(payload) && { group: { id: aloneGroup } }),
    retryLimit: Math.max(0, retry.maxRetries - (payload.attemptsSpent ?? 0)),
    retryDelay: retry.retryDelayS,
    retryBackoff: true,
    retryDelayMax: retry.retryDelayMaxS,
    expireInSeconds: Math.ceil(timeoutMs / 1000) + expiryMarginSeconds,
  };
}

/**
 * Inserts the jobs of chunks in the transaction that writes the chunks down: both commit or neither does. pg-boss silently leaves
 * out a job whose key is taken; for a chunk just planned that cannot be, so it is an error and rolls the plan back.
 */
export async function deliverChunks(
  boss: PgBoss,
  transaction: Db,
  deliveries: readonly Delivery[],
  chunkTimeoutCapMs: number,
): Promise<void> {
  if (deliveries.length === 0) {
    return;
  }
  const jobs = deliveries.map((delivery) => chunkJobInsert(delivery, chunkTimeoutCapMs));
  const inserted = await boss.insert(chunkQueue, jobs, {
    db: withTraces(transaction),
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
      const jobs: { readonly data: ChunkPayload }[] = JSON.parse(list);
      const traced = jobs.map((job) => ({ ...job, __traceContext: carrierOf(job.data) }));
      return db.executeSql(text, [JSON.stringify(traced), ...rest]);
    },
  };
}

function carrierOf({ traceparent }: ChunkPayload): { readonly traceparent: string } | null {
  return traceparent === null ? null : { traceparent };
}
