import {
  aloneGroup,
  batchBudgetMs,
  chunkJob,
  chunkQueue,
  isMeasuring,
  isShort,
} from '@silver/shared';
import type { Job } from 'pg-boss';
import type { ChunkHandler } from './handle-chunk.ts';

/** What a transaction costs besides its chunks is little of it by then. */
const mostInBatch = 8;

/** Fetches short chunks to be computed in one transaction with `main`, where that is a short one too: as many as should fit. */
export async function takeCompanions(
  { boss, logger }: Pick<ChunkHandler, 'boss' | 'logger'>,
  main: Job<unknown>,
): Promise<readonly Job<unknown>[]> {
  const payload = chunkJob.safeParse(main.data).data;
  if (payload?.expectedMs === undefined || !isShort(payload) || main.retryCount > 0) {
    return [];
  }
  const fitting = Math.floor(batchBudgetMs / Math.max(payload.expectedMs, 1));
  try {
    return await boss.fetch(chunkQueue, {
      batchSize: Math.min(mostInBatch, fitting) - 1,
      ignoreGroups: [aloneGroup],
      includeMetadata: isMeasuring(),
    });
  } catch (error) {
    // Its own chunk does not suffer for it.
    logger.warn({ err: error }, 'no chunks could be taken along');
    return [];
  }
}
