import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runChunks, settle, tick } from '../support/drive.ts';
import { makeReplica } from '../support/make-replica.ts';
import { type OwnDatabase, type OwnServer, startOwnServer } from '../support/own-server.ts';
import { waitUntil } from '../support/wait-until.ts';
import { createTrackedReadings, differences } from './tracked-readings.ts';

describe('a streaming replica', () => {
  let primary: OwnServer;
  let replica: OwnServer;
  let database: OwnDatabase;
  let copy: OwnDatabase;

  beforeAll(async () => {
    [primary, replica] = await Promise.all([startOwnServer(), startOwnServer()]);
    database = await primary.createDatabase('replicated');
    await createTrackedReadings(database);
    await settle(database);
    await makeReplica(primary.postgres, replica.postgres);
    copy = replica.openDatabase('replicated');
  }, 120_000);
  afterAll(() => Promise.all([primary?.close(), replica?.close()]));

  async function caughtUp(): Promise<void> {
    const [{ lsn } = {}] = await database.query<{ lsn: string }>(
      'select pg_current_wal_lsn()::text as lsn',
    );
    await waitUntil(
      'the replica has replayed it',
      async () =>
        (await copy.query('select where pg_last_wal_replay_lsn() >= $1::pg_lsn', [lsn])).length,
      60_000,
    );
  }

  it('is one', async () => {
    expect(await copy.query('select pg_is_in_recovery() as recovering')).toEqual([
      { recovering: true },
    ]);
  });

  const changes: readonly (readonly [state: string, change: () => Promise<unknown>])[] = [
    ['settled', async () => undefined],
    [
      'with a late row in the log',
      () => database.query(`insert into app.readings values ('2026-01-30 05:10Z', 'late', 1)`),
    ],
    ['with a chunk in flight', () => tick(database)],
    [
      'with rows moved and deleted meanwhile',
      () =>
        database.query(
          `update app.readings set at = at + interval '1 day' where at < '2026-01-30 03:00Z'; delete from app.later`,
        ),
    ],
    ['computed once more', () => runChunks(database)],
    [
      'with a partition that nobody adopted',
      () =>
        database.query(`create table app.more (like app.readings); insert into app.more values ('2026-04-02Z', 'm', 1);
      alter table app.readings attach partition app.more for values from ('2026-04-01Z') to ('2026-05-01Z')`),
    ],
    [
      'with a writer in mid-transaction, prepared',
      () =>
        database.query(
          `begin; insert into app.readings values ('2026-01-30 07:10Z', 'held', 1); prepare transaction 'held'`,
        ),
    ],
    ['with the writer gone', () => database.query(`commit prepared 'held'`)],
    ['settled again', () => settle(database)],
  ];

  it.each(changes)('its live views are exact: %s', async (_state, change) => {
    await change();
    await caughtUp();
    expect(await differences(copy)).toEqual([]);
    expect(
      await copy.query(`select count(*)::int as n from silver.timeseries_operations_monitor`),
    ).toEqual([{ n: 2 }]);
  });
});
