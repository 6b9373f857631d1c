import { beforeAll, describe, expect, it } from 'vitest';
import { runChunks, settle, tick } from '../support/drive.ts';
import { type TestDatabase, useDatabase } from '../support/use-database.ts';
import { createTrackedReadings, differences, differencesText } from './tracked-readings.ts';

const late = `insert into app.readings values ('2026-01-30 05:10Z', 'late', 1)`;

describe('one log for several rollups', () => {
  describe.each([
    ['a paused rollup gets its share', 'select 1', []],
    [
      'a share that is not kept for it is lost, and this test sees it',
      `create or replace function silver.mark_rollup(rollup_id integer, touched tstzmultirange) returns boolean language sql as $$
         update silver.timeseries_progress p set dirty = p.dirty
           + silver.widen_to_buckets(touched * p.covered, r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin)
         from silver.timeseries_rollup_config r
         where r.rollup_id = mark_rollup.rollup_id and p.rollup_id = r.rollup_id and r.paused_until is null returning true $$`,
      [expect.objectContaining({ target: 'daily' })],
    ],
  ])('%s', (_name, sabotage, lost) => {
    const database = useDatabase();

    it('once it is resumed', async () => {
      await createTrackedReadings(database);
      await settle(database);
      await database.query(sabotage);
      await database.query(`select silver.pause_rollup('app.daily')`);
      await database.query(late);
      await settle(database);
      await database.query(`select silver.resume_rollup('app.daily')`);
      await settle(database);
      expect(await differences(database, '')).toEqual(lost);
    });
  });

  describe.each([
    ['a change is widened to the buckets of each', 'select 1', []],
    [
      'half a wide bucket is counted twice, and this test sees it',
      `create or replace function silver.widen_to_buckets(ranges tstzmultirange, width interval, zone text, origin timestamptz)
         returns tstzmultirange language sql immutable as $$ select ranges $$`,
      [expect.objectContaining({ target: 'daily' }), expect.objectContaining({ target: 'daily' })],
    ],
  ])('%s', (_name, sabotage, wrong) => {
    const database = useDatabase();

    it('in the live views', async () => {
      await createTrackedReadings(database);
      await settle(database);
      await database.query(sabotage);
      await database.query(
        `${late}; insert into app.readings values ('2026-02-01 05:10Z', 'late', 1)`,
      );
      const found = await differences(database);
      expect(found).toEqual(wrong);
    });
  });
});

describe('a log that nobody consumes', () => {
  const database = useDatabase();
  const entries = async () => {
    const [row] = await database.query<{ n: number }>(
      'select count(*)::int as n from silver.timeseries_invalidation_log',
    );
    return row?.n ?? 0;
  };
  const write = (rows: number) =>
    database.query(`do $$ begin for i in 1..${rows} loop
      insert into app.readings values (timestamptz '2026-01-30Z' + i * interval '1 minute', 'late', i); end loop; end $$`);
  const age = () =>
    database.query(
      `update silver.timeseries_invalidation_log set logged_at = logged_at - interval '1 minute'`,
    );

  beforeAll(async () => {
    await createTrackedReadings(database);
    await settle(database);
  });

  it('is made smaller by its writers, and says the same', async () => {
    await write(1000);
    expect(await entries()).toBe(1000);
    await age();
    await write(1100);
    expect(await entries()).toBeLessThan(1200);
    expect(await differences(database)).toEqual([]);
  });

  it('is left alone by writers at REPEATABLE READ, whom taking entries could fail', async () => {
    const before = await entries();
    await database.query(
      `begin isolation level repeatable read; select silver.compact_log(1, '0'); commit`,
    );
    expect(await entries()).toBe(before);
  });

  it('is consumed beside a writer that is making it smaller, and nothing of it is lost', async () => {
    const writer = await database.connect();
    await writer.query(`begin; select silver.compact_log(1, '0')`);
    await database.query(
      `insert into app.readings values ('2026-02-02 05:10Z', 'beside', 1); set lock_timeout = '1s'`,
    );
    await tick(database);
    await runChunks(database);
    expect(await differences(database)).toEqual([]);
    await writer.query('commit');
    expect(await differences(database)).toEqual([]);
    await database.query('reset lock_timeout');
    await settle(database);
    expect(await entries()).toBe(0);
    expect(await differences(database, '')).toEqual([]);
  });

  it('is reported', async () => {
    await database.query(late);
    await database.query(
      `update silver.timeseries_invalidation_log set logged_at = logged_at - interval '1 hour'`,
    );
    expect(
      await database.query(
        `select severity, message from silver.validate_rollup_config() where code = 'log_waiting'`,
      ),
    ).toEqual([{ severity: 'warning', message: expect.stringContaining('app.readings') }]);
    await settle(database);
  });
});

/** A reader whose snapshot is taken, and who looks only after `meanwhile`. */
async function readLater(
  database: TestDatabase,
  meanwhile: () => Promise<void>,
): Promise<unknown[]> {
  const reader = await database.connect();
  await reader.query(`begin; declare later cursor for ${differencesText()}`);
  await meanwhile();
  const { rows } = await reader.query('fetch all from later');
  await reader.query('commit');
  return rows;
}

describe('a reader whose snapshot is older than what happened since', () => {
  describe('with the protocol as it is', () => {
    const database = useDatabase();

    it('sees its own snapshot, exactly', async () => {
      await createTrackedReadings(database);
      await settle(database);
      await database.query(late);
      expect(await readLater(database, () => settle(database))).toEqual([]);
      expect(
        await readLater(database, async () => {
          await database.query(late);
          await settle(database);
        }),
      ).toEqual([]);
    });
  });

  describe('when what is unsettled is read outside its snapshot', () => {
    const database = useDatabase();

    it('it is wrong, and this test sees it', async () => {
      await createTrackedReadings(database);
      await settle(database);
      await database.query(
        `alter function silver.unsettled volatile; alter function silver.live_bounds volatile`,
      );
      await database.query(late);
      expect(await readLater(database, () => settle(database))).not.toEqual([]);
    });
  });

  describe('when the log is emptied by TRUNCATE', () => {
    const database = useDatabase();

    it('it is wrong, and this test sees it', async () => {
      await createTrackedReadings(database);
      await settle(database);
      await database.query(late);
      const consumed = async () => {
        await database.query(`begin; select silver.lock_progress(1);
          select silver.mark_dirty(1, (select range_agg(touched) from silver.timeseries_invalidation_log)); commit;
          truncate silver.timeseries_invalidation_log`);
        await settle(database);
      };
      expect(await readLater(database, consumed)).not.toEqual([]);
    });
  });
});

describe.each([
  ['is logged, whatever its time', 'select 1', []],
  [
    'is lost where nothing is below what is not there, and this test sees it',
    `do $$ begin execute replace(pg_get_functiondef('silver.track_1'::regproc),
       $q$coalesce((select s.horizon from silver.timeseries_tracked_source s where s.source_id = 1), 'infinity')$q$,
       $q$(select s.horizon from silver.timeseries_tracked_source s where s.source_id = 1)$q$); end $$`,
    [expect.objectContaining({ target: 'daily' }), expect.objectContaining({ target: 'hourly' })],
  ],
])('a row written while its source has no horizon %s', (_name, sabotage, lost) => {
  const database = useDatabase();

  it('in the live view and in the table', async () => {
    await createTrackedReadings(database);
    await settle(database);
    await database.query(sabotage);
    // As whoever restores Silver's tables by hand may leave it for a while.
    await database.query(`create table app.kept as select * from silver.timeseries_tracked_source;
      set session_replication_role = replica; delete from silver.timeseries_tracked_source; reset session_replication_role`);
    const writer = await database.connect();
    await writer.query(late);
    await database.query(
      `insert into silver.timeseries_tracked_source overriding system value select * from app.kept`,
    );
    expect(await differences(database)).toEqual(lost);
    await settle(database);
    expect(await differences(database, '')).toEqual(lost);
  });
});
