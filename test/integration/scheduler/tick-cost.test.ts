import { beforeAll, describe, expect, it } from 'vitest';
import { chunkIds, settle, tick } from '../../support/drive.ts';
import { createTestDatabase, type TestDatabase, useDatabase } from '../../support/use-database.ts';

/** The median of several runs, so that one that was interrupted says nothing. */
async function medianMs(run: () => Promise<unknown>, runs = 5): Promise<number> {
  const times: number[] = [];
  for (let index = 0; index < runs; index += 1) {
    const startedAt = performance.now();
    await run();
    times.push(performance.now() - startedAt);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(runs / 2)] ?? 0;
}

/** What a scheduler asks each time it looks, and one source's turn when one of its buckets is late. */
async function costs(database: TestDatabase) {
  await database.query('analyze');
  const lookMs = await medianMs(async () => {
    await database.query('select * from silver.due_sources()');
    await database.query('select silver.next_due_at()');
  });
  const turnMs = await medianMs(async () => {
    await database.query(`update public.readings set value = value + 1 where at = '2001-01-01Z'`);
    await tick(database);
    const chunks = await chunkIds(database);
    await database.query('select silver.release_chunk(chunk_id) from silver.timeseries_chunk');
    if (chunks.length === 0) throw new Error('nothing was planned');
  });
  return { lookMs, turnMs };
}

describe('what a tick costs', { timeout: 240_000 }, () => {
  const database = useDatabase();
  beforeAll(async () => {
    await database.query(`
      create table public.readings (at timestamptz not null, value integer);
      create index on public.readings (at);
      insert into public.readings values ('2001-01-01Z', 1)`);
    await database.query(
      `select silver.create_rollup_table('public.readings', 'public', 'hourly', '1 hour', start_from => '2001-01-01Z')`,
    );
    await settle(database);
  });

  it('a turn does not grow with the rollups that are not due, and the look grows by far less than they do', async () => {
    for (let n = 0; n < 9; n += 1) await declareOther(n);
    await settle(database);
    const few = await costs(database);
    for (let n = 9; n < 59; n += 1) await declareOther(n);
    await settle(database);
    const many = await costs(database);
    // Six times as many rollups; what is due is the same.
    expect(many.turnMs).toBeLessThan(few.turnMs * 4 + 50);
    expect(many.lookMs).toBeLessThan(few.lookMs * 7 + 100);
  });

  it('neither grows with the length of history', async () => {
    const long = await createTestDatabase();
    try {
      for (const [at, since] of [
        [database, '2001-01-01Z'],
        [long, '1901-01-01Z'],
      ] as const) {
        if (at === long) {
          await at.query(`
            create table public.readings (at timestamptz not null, value integer);
            create index on public.readings (at);
            insert into public.readings values ('2001-01-01Z', 1)`);
          await at.query(
            `select silver.create_rollup_table('public.readings', 'public', 'hourly', '1 hour', start_from => $1::timestamptz)`,
            [since],
          );
          await settle(at);
        }
      }
      const [short, hundredYears] = [await costs(database), await costs(long)];
      expect(hundredYears.turnMs).toBeLessThan(short.turnMs * 4 + 50);
      expect(hundredYears.lookMs).toBeLessThan(short.lookMs * 4 + 50);
    } finally {
      await long.drop();
    }
  });

  async function declareOther(n: number): Promise<void> {
    await database.query(`create table public.other_${n} (at timestamptz not null, value integer)`);
    await database.query(
      `select silver.create_rollup_table($1, 'public', $2, '1 day', start_from => now() - interval '2 days')`,
      [`public.other_${n}`, `other_${n}_daily`],
    );
  }
});
