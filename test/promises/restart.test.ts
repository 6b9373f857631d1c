import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runChunks, settle, tick } from '../support/drive.ts';
import { type OwnDatabase, type OwnServer, startOwnServer } from '../support/own-server.ts';
import { createTrackedReadings, differences } from './tracked-readings.ts';

/** Identities that end with the session: what a virtual transaction id is after PREPARE and a restart. */
const byVirtualId = `
  create or replace function silver.settle_drains(source_id integer) returns integer language sql as $$
    delete from silver.timeseries_drain d where d.writers is not null and not exists (
      select from pg_stat_activity a where a.backend_xid = any (d.writers::text[]::xid[])) returning 1 $$`;

describe.each([
  ['with the protocol as it is', 'select 1', true],
  ['when writers are known by what ends with their session', byVirtualId, false],
])('a noted writer is prepared and the server crashes: %s', (_name, sabotage, right) => {
  let server: OwnServer;
  let database: OwnDatabase;

  beforeAll(async () => {
    server = await startOwnServer();
    database = await server.createDatabase('restart');
  });
  afterAll(() => server.close());

  it(right ? 'its row is not lost' : 'its row is lost, and this test sees it', async () => {
    await createTrackedReadings(database);
    await database.query(`update silver.timeseries_tracked_source set drain_grace = '0'`);
    await database.query(sabotage);
    const writer = await database.connect();
    await writer.query(`begin; insert into app.readings values ('2026-01-30 05:10Z', 'held', 1)`);
    await turns(database, 2);
    await writer.query(`prepare transaction 'held'`);
    await server.postgres.stop('immediate');
    await server.postgres.start();
    await turns(database, 3);
    expect(await differences(database)).toEqual([]);
    await database.query(`commit prepared 'held'`);
    const live = await differences(database);
    await settle(database);
    const found = [...live, ...(await differences(database, ''))];
    expect(found.length === 0).toBe(right);
  });
});

async function turns(database: OwnDatabase, count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await tick(database);
    await runChunks(database);
  }
}
