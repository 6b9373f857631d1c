import { beforeAll, describe, expect, it } from 'vitest';
import { chunkIds, runChunks, settle, tick } from '../support/drive.ts';
import { type TestDatabase, useDatabase } from '../support/use-database.ts';

/** A node of EXPLAIN (FORMAT JSON), as far as it is looked at here. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Function Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly PlanNode[];
}

/** Every node of a statement's plan that was executed. */
async function executedNodes(database: TestDatabase, text: string): Promise<PlanNode[]> {
  const [row] = await database.query<{ 'QUERY PLAN': readonly { readonly Plan: PlanNode }[] }>(
    `explain (analyze, timing off, format json) ${text}`,
  );
  const nodes: PlanNode[] = [];
  const walk = (node: PlanNode) => {
    if (node['Actual Loops'] > 0) nodes.push(node);
    node.Plans?.forEach(walk);
  };
  for (const { Plan } of row?.['QUERY PLAN'] ?? []) walk(Plan);
  return nodes;
}

/** Buckets for which a query asked the source: calls of the function behind the live view, by the range it was asked for. */
async function computedBuckets(
  database: TestDatabase,
  rollup: number,
  text: string,
): Promise<number> {
  const nodes = await executedNodes(database, text);
  return nodes
    .filter((node) => node['Function Name'] === `live_${rollup}`)
    .reduce((calls, node) => calls + node['Actual Loops'], 0);
}

/** Five years of a reading a day; hourly from it, daily from that. Nothing is computed yet. */
async function createLongHistory(database: TestDatabase): Promise<void> {
  await database.query(`
    create schema app;
    create table app.readings (at timestamptz not null, amount integer);
    create index on app.readings (at);
    insert into app.readings select timestamptz '2021-01-01 12:00Z' + i * interval '1 day', i from generate_series(0, 1824) i`);
  await database.query(`
    select silver.create_rollup_table('app.readings', 'app', 'hourly', '1 hour', start_from => '2021-01-01Z', partition_interval => '60 days');
    select silver.create_rollup_table('app.hourly', 'app', 'daily', '1 day', start_from => '2021-01-01Z');
    update silver.timeseries_rollup_config set rerun_interval = '0'`);
}

describe('the live view while a long history is filling', () => {
  const database = useDatabase();

  beforeAll(async () => {
    await createLongHistory(database);
    await tick(database, 12_000);
    const chunks = await chunkIds(database);
    // The newest with rows: as if newest went first.
    const [newest] = await database.query(
      `select chunk_id::text from silver.timeseries_chunk where ranges @> timestamptz '2025-12-01Z'`,
    );
    expect(chunks.length).toBeGreaterThan(3);
    await database.query(`select silver.start_chunk($1, 'test', 1, null)`, [newest?.['chunk_id']]);
    await database.query(`select silver.run_chunk($1, 'test', 1)`, [newest?.['chunk_id']]);
    expect((await database.query('select from app.hourly')).length).toBeGreaterThan(0);
  });

  it('computes only the buckets asked for', async () => {
    const one = `select * from app.hourly_live where timestamp = '2022-05-05 12:00Z'`;
    expect(await database.query(one)).toMatchObject([{ row_count: '1', sum_amount: '489' }]);
    // The bucket, and the tail from now on, which no predicate is compared with before it is read.
    expect(await computedBuckets(database, 1, one)).toBe(2);
    const day = `select * from app.hourly_live where timestamp >= '2022-05-05Z' and timestamp < '2022-05-06Z'`;
    expect(await computedBuckets(database, 1, day)).toBe(25);
  });

  it('reads neither source nor unsettled buckets where the time is settled, and only the partition asked for', async () => {
    const nodes = await executedNodes(
      database,
      `select * from app.hourly_live where timestamp = '2025-12-05 12:00Z'`,
    );
    const read = nodes.filter((node) => node['Relation Name'] !== undefined);
    expect(read).toEqual([
      expect.objectContaining({ 'Node Type': expect.stringMatching(/Index|Bitmap/) }),
    ]);
    expect(nodes.filter((node) => node['Function Name'] === 'live_1')).toHaveLength(1); // The tail alone.
  });

  it('a child sees the history that its parent has not computed yet', async () => {
    const early = `select count(*)::int as days, sum(row_count)::int as rows, sum(sum_amount)::int as amount from app.daily_live where timestamp < '2021-02-01Z'`;
    expect(await database.query(early)).toEqual([{ days: 31, rows: 31, amount: 465 }]);
  });

  it('without the parents’ rows in its extent a child does not, and this test sees it', async () => {
    await database.query(`
      create or replace function silver.live_extent(source_id integer, out is_known boolean, out first_at timestamptz, out last_at timestamptz)
      language sql stable as $$ select true, e.first_at, e.last_at from silver.source_extent(live_extent.source_id) e $$`);
    const early = `select count(*)::int as days from app.daily_live where timestamp < '2021-02-01Z'`;
    expect(await database.query(early)).toEqual([{ days: 0 }]);
  });
});

describe('the live view of a settled rollup', () => {
  const database = useDatabase();

  beforeAll(async () => {
    await createLongHistory(database);
    await settle(database);
    await database.query('analyze app.hourly; analyze app.daily');
  });

  it('is served from the target by its index, in the partition asked for alone', async () => {
    await database.query('set enable_seqscan = off'); // The partition is one page.
    const nodes = await executedNodes(
      database,
      `select * from app.hourly_live where timestamp = '2023-06-01 12:00Z'`,
    );
    await database.query('reset enable_seqscan');
    const read = nodes.filter((node) => node['Relation Name'] !== undefined);
    expect(read).toHaveLength(1);
    expect(read[0]).toMatchObject({ 'Node Type': 'Index Scan' });
  });

  it('computes the one bucket that changed, and only when it is asked for', async () => {
    await database.query(`insert into app.readings values ('2023-06-01 12:30Z', 1)`);
    const text = (day: string) => `select * from app.daily_live where timestamp = '${day}'`;
    expect(await database.query(text('2023-06-01Z'))).toMatchObject([{ row_count: '2' }]);
    expect(await computedBuckets(database, 2, text('2023-06-01Z'))).toBe(2);
    expect(await computedBuckets(database, 2, text('2023-06-02Z'))).toBe(1);
    await settle(database);
  });

  it('asks once a query what is settled', async () => {
    const nodes = await executedNodes(database, `select sum(sum_amount) from app.hourly_live`);
    expect(nodes.filter((node) => node['Function Name'] === 'live_bounds')).toHaveLength(1);
  });

  it('computes a dead chunk’s buckets from the source', async () => {
    await database.query(`insert into app.readings values ('2023-07-01 12:30Z', 1)`);
    await tick(database);
    const [chunk] = await chunkIds(database);
    await database.query('select silver.bury_chunk($1)', [chunk?.chunk_id]);
    expect(await runChunks(database)).toEqual(['superseded']);
    expect(
      await database.query(
        `select row_count::int as n from app.hourly_live where timestamp = '2023-07-01 12:00Z'`,
      ),
    ).toEqual([{ n: 2 }]);
  });
});
