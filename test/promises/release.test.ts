import { describe, expect, it } from 'vitest';
import { chunkIds, settle, tick } from '../support/drive.ts';
import { useDatabase } from '../support/use-database.ts';
import { createTrackedReadings, differences } from './tracked-readings.ts';

describe.each([
  ['gives its dirt back', 'select 1', true],
  [
    'is just deleted: its dirt is lost, and this test sees it',
    `create or replace function silver.release_chunk(chunk_id bigint) returns boolean language sql as $$
       delete from silver.timeseries_chunk c where c.chunk_id = release_chunk.chunk_id returning true $$`,
    false,
  ],
])('a chunk of covered buckets that will not run %s', (_name, sabotage, right) => {
  const database = useDatabase();

  it(right ? 'and nothing is lost' : 'in the live view as in the table', async () => {
    await createTrackedReadings(database);
    await settle(database);
    await database.query(sabotage);
    await database.query(`insert into app.readings values ('2026-01-30 05:10Z', 'late', 1)`);
    await tick(database);
    for (const { chunk_id: chunk } of await chunkIds(database)) {
      await database.query('select silver.release_chunk($1)', [chunk]);
    }
    expect((await differences(database)).length === 0).toBe(right);
    await settle(database);
    expect((await differences(database, '')).length === 0).toBe(right);
  });
});
