import { chunkQueue } from '@silver/shared';
import { type ChunkHandler, type ChunkOutcome, handleChunk } from '@silver/worker';
import type { Job } from 'pg-boss';

/** Lets pg-boss deliver jobs to the handler, as a worker does, and says how the first one ended. The test ends the work. */
export function deliverOnce(handler: ChunkHandler): Promise<ChunkOutcome | Error> {
  return new Promise((resolve) => {
    void handler.boss.work(
      chunkQueue,
      {
        transactional: true,
        batchSize: 1,
        pollingIntervalSeconds: 0.5,
        notifyPollingIntervalSeconds: 0.5,
      },
      async ([job], transaction) => {
        try {
          const outcome = await handleChunk(handler, job as Job<unknown>, transaction);
          resolve(outcome);
          return outcome;
        } catch (error) {
          resolve(error as Error);
          throw error;
        }
      },
    );
  });
}
