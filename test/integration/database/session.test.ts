import { onBoss, onSlonik } from '@silver/shared';
import type { PgBoss } from 'pg-boss';
import type { DatabasePool } from 'slonik';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { testBoss, testPool } from '../silver-under-test.ts';

describe("Silver's sessions", () => {
  const database = useDatabase();
  let pool: DatabasePool;
  let boss: PgBoss;

  beforeAll(async () => {
    // What a careless administrator may have set; sessions that begin from now on would take it over.
    const [{ name } = { name: '' }] = await database.query<{ name: string }>(
      'select current_database() as name',
    );
    await database.query(
      `alter database ${name} set default_transaction_isolation = 'serializable'`,
    );
    await database.query(`alter database ${name} set timezone = 'Asia/Tokyo'`);
    [pool, boss] = await Promise.all([testPool(database.url), testBoss(database.url)]);
  });
  afterAll(async () => {
    await boss.stop({ graceful: false });
    await pool.end();
  });

  const settings = `select current_setting('transaction_isolation') as isolation, current_setting('timezone') as zone,
    current_setting('search_path') as path`;
  const ours = [{ isolation: 'read committed', zone: 'UTC', path: '' }];

  it('are READ COMMITTED, UTC and without a search path in slonik, also on a connection that was used before', async () => {
    await pool.transaction((transaction) =>
      onSlonik(transaction).rows("set local timezone = 'Asia/Tokyo'"),
    );
    for (let use = 0; use < 3; use += 1) {
      expect(await pool.transaction((transaction) => onSlonik(transaction).rows(settings))).toEqual(
        ours,
      );
    }
  });

  it('are READ COMMITTED, UTC and without a search path in the transaction of a pg-boss handler', async () => {
    await boss.createQueue('test');
    await boss.send('test', {});
    const rows = await new Promise((resolve) => {
      void boss.work('test', { transactional: true, batchSize: 1 }, async (_, transaction) => {
        resolve(await onBoss(transaction).rows(settings));
      });
    });
    expect(rows).toEqual(ours);
  });

  it('keep microseconds of instants and digits of 64-bit integers', async () => {
    const [row] = await onSlonik(pool).rows(
      `select timestamptz '2001-02-03 04:05:06.123456Z' as at, 9223372036854775807 as big, 1.5::numeric as exact,
         array[timestamptz '2001-02-03 04:05:06.123456Z'] as ats, 0.1::float8 as float`,
    );
    expect(row).toEqual({
      at: '2001-02-03 04:05:06.123456+00',
      big: '9223372036854775807',
      exact: '1.5',
      ats: ['2001-02-03 04:05:06.123456+00'],
      float: 0.1,
    });
  });
});
