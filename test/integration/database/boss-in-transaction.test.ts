import { bossInTransaction, chunkQueue, deliverChunks, onSlonik } from '@silver/shared';
import type { PgBoss } from 'pg-boss';
import type { DatabasePool } from 'slonik';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { testBoss, testPool } from '../silver-under-test.ts';

describe('pg-boss in a slonik transaction', () => {
  const database = useDatabase();
  let pool: DatabasePool;
  let boss: PgBoss;

  beforeAll(async () => {
    await database.query('create table public.note (text text)');
    [pool, boss] = await Promise.all([testPool(database.url), testBoss(database.url)]);
  });
  afterAll(async () => {
    await boss.stop({ graceful: false });
    await pool.end();
  });

  const jobs = () =>
    database.query<{ id: string }>(`select id from silver_pgboss.job where name = $1`, [
      chunkQueue,
    ]);
  const notes = () => database.query<{ text: string }>('select text from public.note');
  const delivery = (jobId: string, chunkId = '1') => ({
    jobId,
    payload: {
      chunkId,
      rollupId: 1,
      target: 'public.t',
      reason: 'forward' as const,
      traceparent: null,
    },
    rollupPriority: 0,
    chunkTimeoutMs: 60_000,
    retry: { maxRetries: 3, retryDelayS: 1, retryDelayMaxS: 10 },
  });

  it('takes the jobs back with everything else when the transaction rolls back', async () => {
    const work = pool.transaction(async (transaction) => {
      await onSlonik(transaction).rows('insert into public.note values ($1)', ['lost']);
      const inserted = await boss.insert(chunkQueue, [{ data: { a: 1 } }], {
        db: bossInTransaction(transaction),
        returnId: true,
      });
      expect(inserted).toHaveLength(1);
      throw new Error('changed my mind');
    });
    await expect(work).rejects.toThrow('changed my mind');
    expect(await jobs()).toEqual([]);
    expect(await notes()).toEqual([]);
  });

  it('commits the jobs with everything else, and not before', async () => {
    const id = crypto.randomUUID();
    await pool.transaction(async (transaction) => {
      await onSlonik(transaction).rows('insert into public.note values ($1)', ['kept']);
      await deliverChunks(boss, bossInTransaction(transaction), [delivery(id)], 1_000);
      expect(await jobs()).toEqual([]);
    });
    expect(await jobs()).toEqual([{ id }]);
    expect(await notes()).toEqual([{ text: 'kept' }]);
  });

  it('rolls the plan back when pg-boss leaves a job out', async () => {
    const work = pool.transaction(async (transaction) => {
      await onSlonik(transaction).rows('insert into public.note values ($1)', ['doubled']);
      await deliverChunks(
        boss,
        bossInTransaction(transaction),
        [delivery(crypto.randomUUID())],
        1_000,
      );
    });
    await expect(work).rejects.toMatchObject({
      code: 'JOB_NOT_ENQUEUED',
      details: { missing: ['1'] },
    });
    expect(await notes()).toEqual([{ text: 'kept' }]);
  });
});
