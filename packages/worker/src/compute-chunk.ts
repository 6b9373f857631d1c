import { type Logger, SilverError } from '@silver/shared';
import { type DatabasePool, sql } from 'slonik';
import { z } from 'zod';
import type { Claim } from './claim-chunk.ts';

/** What computing a chunk needs of the running worker. */
export interface ChunkComputer {
  /** For the cancel, which must come from another connection. */
  readonly pool: DatabasePool;
  /** Aborted when the worker's grace to stop is over. */
  readonly stopping: AbortSignal;
  readonly logger: Logger;
}

/** A cancel that meets the backend between two statements is lost, so it is sent again until the attempt has ended. */
const cancelAgainMs = 250;

/**
 * Computes in pg-boss's transaction, by `run`, and cancels its backend, `pid`, when the claim is lost or the worker must stop:
 * an aborted signal alone stops nothing in PostgreSQL.
 */
export async function computeChunk<Result>(
  { logger, pool, stopping }: ChunkComputer,
  claim: Claim,
  pid: number,
  run: () => Promise<Result>,
): Promise<Result> {
  const signals = [claim.signal, stopping];
  const cancel = () => {
    pool
      .query(sql.type(z.unknown())`select pg_cancel_backend(${pid})`)
      .catch((error: unknown) =>
        logger.warn({ err: error, pid }, 'a chunk could not be cancelled'),
      );
  };
  let again: NodeJS.Timeout | undefined;
  const keepCancelling = () => {
    cancel();
    again ??= setInterval(cancel, cancelAgainMs);
  };
  for (const signal of signals) {
    signal.addEventListener('abort', keepCancelling, { once: true });
  }
  try {
    for (const signal of signals) {
      signal.throwIfAborted();
    }
    return await run();
  } catch (error) {
    throw explainAbort(claim, stopping, error);
  } finally {
    // pg-boss also aborts the signal after an ordinary end, when the backend already serves somebody else.
    clearInterval(again);
    for (const signal of signals) {
      signal.removeEventListener('abort', keepCancelling);
    }
  }
}

function explainAbort({ chunkId, signal }: Claim, stopping: AbortSignal, cause: unknown): unknown {
  const options = { cause, details: { chunkId } };
  if (stopping.aborted) {
    const message = `The attempt at chunk ${chunkId} was given up: its worker is stopping.`;
    return new SilverError('ATTEMPT_ABORTED', message, options);
  }
  if (signal.aborted) {
    const message = `The attempt at chunk ${chunkId} was given up: its worker lost its claim.`;
    return new SilverError('CLAIM_LOST', message, options);
  }
  return cause;
}
