import {
  bossInTransaction,
  type Config,
  chunkQueue,
  type Delivery,
  deliverChunks,
  type Executor,
  type FailureDescription,
  failChunk,
  giveBackChunk,
  halveChunk,
  isConnectionLoss,
  type Logger,
  onBoss,
  onSlonik,
  pause,
  type Remedy,
  SilverError,
} from '@silver/shared';
import type { Db, Job, PgBoss } from 'pg-boss';
import type { DatabasePool, DatabaseTransactionConnection } from 'slonik';
import { z } from 'zod';
import type { Claim } from './claim-chunk.ts';

/** What settling a failure needs of the running worker. */
export interface FailureSettler {
  readonly boss: PgBoss;
  /** For failures that took the chunk's own connection with them. */
  readonly pool: DatabasePool;
  readonly config: Pick<Config, 'chunkTimeoutMs'>;
  readonly logger: Logger;
}

/** An attempt that failed and is not to be retried by pg-boss. */
export interface FailedAttempt {
  readonly job: Job<unknown>;
  readonly claim: Claim;
  readonly remedy: Exclude<Remedy, 'retry'>;
  readonly failure: FailureDescription;
  /** Whether the worker itself gave it up: then there is no error to log, and no reason to wait. */
  readonly stopped: boolean;
  readonly tookMs: number;
}

/** How an exception to the rule of retries ended. */
export type Settlement = 'buried' | 'given back' | 'halved';

export interface Settled {
  readonly settlement: Settlement;
  /** Whether pg-boss's own transaction carries it, and commits when the handler returns. */
  readonly byBoss: boolean;
}

/** pg-boss answers this and does not declare it; the completion is fenced to the attempt that `job` is. */
const commandResponse = z.object({ affected: z.int() });

/** A chunk given back for a server's sake rests this long, so that it does not come back before the server does. */
export const giveBackDelayS = 2;
/** A server that restarts is waited for, so that the chunks it interrupted can be given back. */
const longestWaitMs = 10_000;
const waitMs = 500;

/**
 * Ends the job of a failed attempt and puts its successors in its place, in one transaction: pg-boss's own, rolled back
 * and begun anew, or, where its connection is gone, one of the worker's pool. Returns undefined where the remedy does not
 * apply (a chunk of one bucket cannot be halved) or nothing could be written: then pg-boss retries it.
 */
export async function settleFailure(
  settler: FailureSettler,
  attempt: FailedAttempt,
  transaction: Db,
): Promise<Settled | undefined> {
  if (await beginAnew(transaction)) {
    const settlement = await settle(settler, attempt, onBoss(transaction), transaction);
    return settlement && { settlement, byBoss: true };
  }
  const settlement = await inOwnTransaction(settler, (own) =>
    settle(settler, attempt, onSlonik(own), bossInTransaction(own)),
  );
  return settlement && { settlement, byBoss: false };
}

/** Writes in a transaction of the worker's pool; a server that restarts is waited for. */
export async function inOwnTransaction<Result>(
  { pool }: Pick<FailureSettler, 'pool'>,
  write: (own: DatabaseTransactionConnection) => Promise<Result>,
): Promise<Result> {
  const deadline = Date.now() + longestWaitMs;
  for (;;) {
    try {
      return await pool.transaction(write);
    } catch (error) {
      if (!isConnectionLoss(error) || Date.now() > deadline) {
        throw error;
      }
      await pause(waitMs);
    }
  }
}

/** Whether the transaction's connection still lives. The chained transaction holds nothing, not even the chunk's row. */
export async function beginAnew(transaction: Db): Promise<boolean> {
  try {
    await transaction.executeSql('rollback and chain');
    return true;
  } catch {
    return false; // The server rolls back by itself.
  }
}

async function settle(
  settler: FailureSettler,
  attempt: FailedAttempt,
  executor: Executor,
  db: Db,
): Promise<Settlement | undefined> {
  const written = await replaceChunk(executor, attempt);
  if (written === undefined) {
    return undefined;
  }
  const output = { outcome: written.settlement };
  await completeJobs(settler.boss, [attempt.job], output, db);
  await deliverChunks(settler.boss, db, written.successors, settler.config.chunkTimeoutMs);
  return written.settlement;
}

/** Ends jobs, fenced to the attempts that they are: throws where one is somebody else's by now, and what became of its chunk is for them. */
export async function completeJobs(
  boss: PgBoss,
  jobs: readonly Job<unknown>[],
  output: { readonly outcome: string },
  db?: Db,
): Promise<void> {
  const attempts = jobs.map(({ id, retryCount }) => ({ id, retryCount }));
  const completed = commandResponse.parse(
    await boss.complete(chunkQueue, attempts, output, { ...(db !== undefined && { db }) }),
  );
  if (completed.affected !== jobs.length) {
    const jobIds = jobs.map(({ id }) => id);
    const message = `Of the jobs ${jobIds.join(', ')} only ${completed.affected} are this worker's by now.`;
    throw new SilverError('CLAIM_LOST', message, { details: { jobIds } });
  }
}

async function replaceChunk(
  executor: Executor,
  { claim, failure, remedy, stopped, tookMs }: FailedAttempt,
): Promise<{ settlement: Settlement; successors: readonly Delivery[] } | undefined> {
  switch (remedy) {
    case 'bury':
      await failChunk(executor, claim, failure, true);
      return { settlement: 'buried', successors: [] };
    case 'halve': {
      const successors = await halveChunk(executor, claim, failure, tookMs);
      return successors.length === 0 ? undefined : { settlement: 'halved', successors };
    }
    case 'give-back': {
      const successor = await giveBackChunk(executor, claim, stopped ? null : failure);
      const delayS = stopped ? 0 : giveBackDelayS;
      return {
        settlement: 'given back',
        successors: successor === undefined ? [] : [{ ...successor, delayS }],
      };
    }
  }
}
