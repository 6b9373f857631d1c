import { chunkQueue, createLogger, openBoss } from '@silver/shared';
import type { MeasuredVariant } from '../in-rounds.ts';
import type { DatabaseCopy } from '../server/database-copies.ts';
import { walByPart, walEnd } from './wal-by-part.ts';

/** What a chunk's job carries, as long as in life. */
const payload = {
  chunkId: '1000000',
  rollupId: 1,
  target: 'public.by_minute',
  reason: 'forward',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  expectedMs: 3,
};

/** The floor: pg-boss's own send, fetch and completion of jobs like those of chunks, with no chunk. */
export async function bossAlone(copy: DatabaseCopy, jobs: number): Promise<MeasuredVariant> {
  const boss = await openBoss({
    databaseUrl: copy.databaseUrl,
    applicationName: 'silver bench',
    poolSize: 2,
    settings: { synchronous_commit: 'off' },
    migrates: false,
    logger: createLogger({ logLevel: 'silent' }, 'bench'),
  });
  try {
    await copy.client.query('checkpoint');
    const from = await walEnd(copy);
    const startedAt = performance.now();
    for (let sent = 0; sent < jobs; sent += 16) {
      const batch = Array.from({ length: Math.min(16, jobs - sent) }, (_, index) => ({
        data: payload,
        singletonKey: String(sent + index),
        priority: 1,
        retryLimit: 10,
      }));
      await boss.insert(chunkQueue, batch, { returnId: true });
      for (const _ of batch) {
        const [job] = await boss.fetch(chunkQueue);
        if (job !== undefined) {
          await boss.complete(chunkQueue, job, { outcome: 'completed' });
        }
      }
    }
    const durationMs = performance.now() - startedAt;
    const wal = await walByPart(copy, from, await walEnd(copy), jobs);
    return {
      variant: 'pg-boss alone',
      durationMs,
      details: { jobs, msPerJob: durationMs / jobs, ...wal },
    };
  } finally {
    await boss.stop({ graceful: false });
  }
}
