import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settle, tick } from '../support/drive.ts';
import { onServer } from '../support/on-server.ts';
import { type OwnDatabase, type OwnServer, startOwnServer } from '../support/own-server.ts';
import { createTrackedReadings, differences } from './tracked-readings.ts';

const execute = promisify(execFile);

/** No package brings pg_dump: one that is installed here, and not older than the server. */
const pgDump = [
  ...(process.env['PATH'] ?? '').split(delimiter),
  '/usr/lib/postgresql/18/bin',
  '/usr/lib/postgresql/15/bin',
]
  .map((directory) => join(directory, 'pg_dump'))
  .find((path) => existsSync(path));
if (pgDump === undefined) {
  process.stdout.write('SKIPPED: dump and restore, for there is no pg_dump on this machine\n');
}

describe.skipIf(pgDump === undefined)(
  'a database dumped, and restored into another cluster',
  () => {
    let there: OwnServer;
    let here: OwnServer;
    let original: OwnDatabase;
    let restored: OwnDatabase;

    beforeAll(async () => {
      [there, here] = await Promise.all([startOwnServer(), startOwnServer()]);
      original = await there.createDatabase('original');
      await createTrackedReadings(original);
      await original.query(`update silver.timeseries_tracked_source set drain_grace = '0'`);
      // The other cluster is younger: its transaction ids are those of long ago over there.
      await original.query(
        `do $$ begin for i in 1..2000 loop perform txid_current(); commit; end loop; end $$`,
      );
      await settle(original);
      await original.query('drop table app.january');
      await settle(original);
      // As if the last bucket fell due only now: the writer is noted.
      await original.query(`update silver.timeseries_tracked_source set horizon = '2026-02-01Z'`);
      const writer = await original.connect();
      await writer.query(
        `begin; insert into app.readings values ('2026-02-01 05:10Z', 'never', 1)`,
      );
      await tick(original);
      await tick(original);
      await original.query(`insert into app.readings values ('2026-02-01 07:10Z', 'logged', 1)`);
      const { stdout } = await execute(
        pgDump ?? '',
        ['--inserts', '--rows-per-insert=1000', original.url],
        { maxBuffer: 2 ** 28 },
      );
      await writer.query('rollback');
      await onServer(here.postgres.connectionString, 'create database restored');
      restored = here.openDatabase('restored');
      // Lines that only psql understands.
      await restored.query(stdout.replaceAll(/^\\.*$/gm, ''));
      await restored.query('reset all');
    }, 240_000);
    afterAll(() => Promise.all([there?.close(), here?.close()]));

    /** From February on: what was computed from the partition that is gone has no source to be compared with. */
    const fromFebruary = async (suffix: '_live' | '') =>
      (await differences(restored, suffix)).filter(
        ({ timestamp }) => (timestamp as Date) >= new Date('2026-02-01T23:00:00Z'),
      );
    const january = () =>
      restored.query(
        `select sum(row_count)::int as n from app.hourly_live where timestamp < '2026-02-01Z'`,
      );

    it('came with a drain that waits for a transaction of the other cluster', async () => {
      expect(
        await restored.query('select cardinality(writers) as writers from silver.timeseries_drain'),
      ).toEqual([{ writers: 1 }]);
    });

    it('is right at once, and keeps what was computed from a partition that is gone', async () => {
      expect(await fromFebruary('_live')).toEqual([]);
      expect(await january()).toEqual([{ n: 144 }]);
    });

    it('goes on: drains mean nothing here, the rest is computed once more, and nothing differs', async () => {
      await settle(restored);
      expect(await restored.query('select from silver.timeseries_drain')).toEqual([]);
      expect(await fromFebruary('')).toEqual([]);
      expect(await january()).toEqual([{ n: 144 }]);
    });

    it('is tracked', async () => {
      await restored.query(`insert into app.readings values ('2026-02-02 05:10Z', 'new', 1)`);
      expect(await fromFebruary('_live')).toEqual([]);
      await settle(restored);
      expect(await fromFebruary('')).toEqual([]);
      expect(
        await restored.query(`select row_count::int as n from app.hourly where device = 'new'`),
      ).toEqual([{ n: 1 }]);
    });
  },
);
