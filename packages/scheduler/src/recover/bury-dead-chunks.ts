import {
  attributeNames,
  buryChunk,
  type Config,
  chunkJob,
  deadChunkQueue,
  type Logger,
  measureBuried,
  onBoss,
} from '@silver/shared';
import type { PgBoss } from 'pg-boss';

/**
 * Consumes the dead-letter queue: a chunk whose job is out of attempts is declared dead, in the transaction that
 * completes the dead letter. It keeps its buckets, visible as unsettled, until somebody retries or releases it.
 */
export async function buryDeadChunks(
  boss: PgBoss,
  config: Pick<Config, 'pollIntervalMs'>,
  logger: Logger,
): Promise<void> {
  const pollingIntervalSeconds = config.pollIntervalMs / 1000;
  const workerId = await boss.work(
    deadChunkQueue,
    {
      batchSize: 1,
      notifyPollingIntervalSeconds: pollingIntervalSeconds,
      pollingIntervalSeconds,
      transactional: true,
    },
    async ([job], transaction) => {
      const payload = chunkJob.safeParse(job?.data);
      if (payload.success) {
        const { chunkId, target } = payload.data;
        const outcome = await buryChunk(onBoss(transaction), chunkId);
        measureBuried();
        logger.error(
          {
            [attributeNames.chunkId]: chunkId,
            [attributeNames.target]: target,
            [attributeNames.outcome]: outcome,
          },
          'a chunk is out of attempts',
        );
      } else {
        // Nothing names its chunk; the chunk itself is found without a job and delivered again.
        logger.error(
          { [attributeNames.jobId]: job?.id, data: job?.data },
          'a dead letter cannot be read',
        );
      }
      boss.notifyWorker(workerId);
    },
  );
}
