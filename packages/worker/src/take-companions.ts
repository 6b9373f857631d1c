import {
  aloneGroup,
  batchBudgetMs,
  chunkQueue,
  isMeasuring,
  leastLivePriority,
} from '@silver/shared';
import type { Job } from 'pg-boss';
import { type Claim, claimChunk, type Taken } from './claim-chunk.ts';
import type { ChunkHandler } from './handle-chunk.ts';
import { putBackEach } from './put-back.ts';
import { completeJobs } from './settle-failure.ts';
import { tellUnreadable } from './tell-outcome.ts';

/** What a transaction costs besides its chunks is little of it by then. */
const mostInBatch = 8;

/**
 * Fetches short chunks to be computed in one transaction with `main`, where that is a short one too: as many as should fit. What was fetched and may not
 * go along (it was tried before, comes from a scheduler that knows of no short ones, or takes longer than is left) is put back, to go alone.
 */
export async function takeCompanions(
  handler: ChunkHandler,
  main: Job<unknown>,
): Promise<readonly Taken[]> {
  const claim = claimChunk(main, handler.workerId);
  if (claim?.shortMs === undefined) {
    return [];
  }
  const companions: Taken[] = [];
  const others: Taken[] = [];
  let leftMs = batchBudgetMs - claim.shortMs;
  for (const job of await fetchShort(handler, claim, claim.shortMs)) {
    const taken = claimChunk(job, handler.workerId);
    if (taken === undefined) {
      await completeUnreadable(handler, job);
    } else if (taken.shortMs === undefined || taken.shortMs > leftMs) {
      others.push({ job, claim: taken });
    } else {
      companions.push({ job, claim: taken });
      leftMs -= taken.shortMs;
    }
  }
  await putBackEach(handler, others);
  return companions;
}

async function fetchShort(
  { boss, logger }: ChunkHandler,
  { reason }: Claim,
  shortMs: number,
): Promise<readonly Job<unknown>[]> {
  const fitting = Math.floor(batchBudgetMs / Math.max(shortMs, 1));
  try {
    return await boss.fetch(chunkQueue, {
      batchSize: Math.min(mostInBatch, fitting) - 1,
      ignoreGroups: [aloneGroup],
      includeMetadata: isMeasuring(),
      // Live work that goes alone waits in the same queue: a backfill must not overtake it.
      ...(reason !== 'backfill' && { minPriority: leastLivePriority }),
    });
  } catch (error) {
    // Its own chunk does not suffer for it.
    logger.warn({ err: error }, 'no chunks could be taken along');
    return [];
  }
}

async function completeUnreadable(
  { boss, logger }: ChunkHandler,
  job: Job<unknown>,
): Promise<void> {
  try {
    await completeJobs(boss, [job], tellUnreadable(logger, job));
  } catch (error) {
    logger.warn({ err: error }, 'a job that cannot be read could not be completed');
  }
}
