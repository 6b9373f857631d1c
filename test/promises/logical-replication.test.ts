import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../support/drive.ts';
import { type OwnDatabase, type OwnServer, startOwnServer } from '../support/own-server.ts';
import { waitUntil } from '../support/wait-until.ts';
import { createTrackedReadings, differences } from './tracked-readings.ts';

describe('a source written by logical replication', () => {
  let server: OwnServer;
  let publisher: OwnDatabase;
  let subscriber: OwnDatabase;

  beforeAll(async () => {
    server = await startOwnServer({ wal_level: 'logical' });
    publisher = server.openDatabase('postgres');
    await publisher.query(`
      create schema app;
      create table app.readings (at timestamptz not null, device text, amount integer) partition by range (at);
      create table app.all_of_it partition of app.readings default;
      alter table app.readings replica identity full; alter table app.all_of_it replica identity full;
      create publication everything for table app.readings with (publish_via_partition_root = true)`);
    // A subscription in the same cluster cannot make its slot by itself: it would wait for its own transaction.
    await publisher.query(`select pg_create_logical_replication_slot('applied', 'pgoutput')`);
    subscriber = await server.createDatabase('subscriber');
    await createTrackedReadings(subscriber);
    await subscriber.query(`alter table app.readings replica identity full`);
    await settle(subscriber);
    await subscriber.query(`create subscription applied connection '${server.postgres.connectionString}' publication everything
      with (create_slot = false, slot_name = 'applied', copy_data = false)`);
  }, 120_000);
  afterAll(() => server.close());

  /** Writes at the publisher and waits until the subscriber has it. */
  async function replicate(text: string): Promise<void> {
    await publisher.query(text);
    const [{ lsn } = {}] = await publisher.query('select pg_current_wal_lsn()::text as lsn');
    await waitUntil(
      'the subscriber has applied it',
      async () => {
        const rows = await publisher.query(
          `select from pg_replication_slots where slot_name = 'applied' and confirmed_flush_lsn >= $1::pg_lsn`,
          [lsn],
        );
        return rows.length > 0;
      },
      60_000,
    );
  }

  const late = (hour: number) =>
    `insert into app.readings values ('2026-01-30 ${hour}:10Z', 'applied', ${hour}), ('2026-02-01 ${hour}:20Z', 'applied', ${hour})`;

  it.each([
    ['inserts', late(10)],
    [
      'many rows in one transaction, with a savepoint rolled back',
      `begin; ${late(11)}; savepoint s; ${late(12)}; rollback to s; ${late(13)}; commit`,
    ],
    ['updates in place', `update app.readings set amount = 100 where amount = 10`],
    [
      'updates that move rows to another partition',
      `update app.readings set at = at + interval '3 days' where amount = 11`,
    ],
    ['deletes', `delete from app.readings where amount = 13`],
    ['TRUNCATE', `truncate app.readings`],
  ])('%s are seen at once, and settle', async (_name, text) => {
    await replicate(text);
    expect(await differences(subscriber)).toEqual([]);
    await settle(subscriber);
    expect(await differences(subscriber, '')).toEqual([]);
  });

  it('a transaction of many rows in one bucket leaves one entry in the log', async () => {
    await replicate(
      `insert into app.readings select '2026-01-30 05:00Z', 'bulk', i from generate_series(1, 500) i`,
    );
    expect(
      await subscriber.query('select count(*)::int as n from silver.timeseries_invalidation_log'),
    ).toEqual([{ n: 1 }]);
    await settle(subscriber);
  });

  it('without the trigger for replicas the rows are missed, and this test sees it', async () => {
    await subscriber.query(
      `create or replace function silver.track_apply_1() returns trigger language plpgsql as $$ begin return null; end $$`,
    );
    await replicate(late(15));
    expect(await differences(subscriber)).not.toEqual([]);
    await subscriber.query('drop subscription applied');
  });
});
