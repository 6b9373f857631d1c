import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chunkIds, runChunks, settle, tick } from '../support/drive.ts';
import { useDatabase } from '../support/use-database.ts';

const database = useDatabase();

/** Rollups by the minute, the hour and, in a zone with clock changes, the day; each from the one before; and one of other dimensions. */
const levels = [
  {
    target: 'minutes',
    keys: 'device, site',
    bucket: `date_bin('1 minute', at, '2000-01-03Z')`,
  },
  { target: 'hours', keys: 'device, site', bucket: `date_bin('1 hour', at, '2000-01-03Z')` },
  { target: 'days', keys: 'device, site', bucket: `date_trunc('day', at, 'Europe/Berlin')` },
  { target: 'by_site', keys: 'site', bucket: `date_bin('1 hour', at, '2000-01-03Z')` },
] as const;

beforeAll(async () => {
  await database.query(`create schema app;
    create table app.readings (at timestamptz not null, device integer not null, site text, amount numeric, level double precision, word text);
    create index on app.readings (device, at);
    create index on app.readings (at);
    insert into app.readings
    select timestamptz '2026-03-28 20:00Z' + i * interval '20 seconds', i % 5, case when i % 7 < 6 then 'site ' || i % 3 end, i % 100, i / 7.0, 'w' || i % 4
    from generate_series(0, 3599) i;
    select silver.create_rollup_table('app.readings', 'app', 'minutes', '1 minute', dimensions => '{device, site}', start_from => '2026-03-28Z');
    select silver.create_rollup_table('app.minutes', 'app', 'hours', '1 hour', start_from => '2026-03-28Z');
    select silver.create_rollup_table('app.hours', 'app', 'days', '1 day', start_from => '2026-03-28 00:00 Europe/Berlin', bucket_time_zone => 'Europe/Berlin');
    select silver.create_rollup_table('app.readings', 'app', 'by_site', '1 hour', dimensions => '{site}', exclude => '{device}', start_from => '2026-03-28Z');
    update silver.timeseries_rollup_config set rerun_interval = '0', late_precision = 'groups'`);
  await settle(database);
});

/** Groups in which a table, or its live view, differs from the source aggregated from scratch. */
async function differences(suffix: '' | '_live'): Promise<unknown[]> {
  const found: unknown[] = [];
  for (const { bucket, keys, target } of levels) {
    found.push(
      ...(await database.query(`
        with expected as (
          select ${bucket} as "timestamp", ${keys}, count(*) as row_count, sum(amount) as sum_amount, max(amount) as max_amount,
            round(sum(level)::numeric, 6) as sum_level, count(level) as count_level, mode() within group (order by word collate "C") as word
          from app.readings where at >= '2026-03-28Z' group by 1, ${keys}
        ), stored as (
          select "timestamp", ${keys}, row_count, sum_amount, max_amount, round(sum_level::numeric, 6), count_level, word from app.${target}${suffix}
        )
        (select '${target} lacks' as what, e::text from (table expected except table stored) e)
        union all
        (select '${target} has', s::text from (table stored except table expected) s)`)),
    );
  }
  return found;
}

/** The late chunks computed since, by rollup, and how many groups by themselves. */
async function computed(
  since: string,
): Promise<Record<string, { chunks: number; groups: number }>> {
  const rows = await database.query<{ target: string; chunks: number; groups: number }>(
    `select replace(r.target_table::text, 'app.', '') as target, count(*)::int as chunks, coalesce(sum(l.groups), 0)::int as groups
     from silver.timeseries_refresh_log l join silver.timeseries_rollup_config r using (rollup_id) where l.refresh_id > $1 and l.reason = 'late' group by 1`,
    [since],
  );
  return Object.fromEntries(rows.map(({ target, ...counts }) => [target, counts]));
}

async function lastRefresh(): Promise<string> {
  const [row] = await database.query<{ id: string }>(
    'select coalesce(max(refresh_id), 0)::text as id from silver.timeseries_refresh_log',
  );
  return row?.id ?? '0';
}

/** While much is dirty a live view computes bucket by bucket: then it is looked at afterwards alone. */
async function exact({ much = false } = {}): Promise<void> {
  if (!much) {
    expect(await differences('_live')).toEqual([]);
  }
  await settle(database);
  expect(await differences('')).toEqual([]);
  expect(await differences('_live')).toEqual([]);
  // Nothing is kept of what was done.
  await database.query(
    'select silver.forget_groups(source_id) from silver.timeseries_tracked_source',
  );
  expect(await database.query('table silver.timeseries_dirty_group')).toEqual([]);
}

let since = '0';
beforeEach(async () => {
  await settle(database);
  since = await lastRefresh();
});

describe('late changes are computed by group', () => {
  it('a late row of one group: that one of each level, and no others', async () => {
    await database.query(
      `insert into app.readings values ('2026-03-28 21:00:05Z', 3, 'site 1', 7, 1.5, 'new')`,
    );
    await exact();
    expect(await computed(since)).toEqual({
      minutes: { chunks: 1, groups: 1 },
      hours: { chunks: 1, groups: 1 },
      days: { chunks: 1, groups: 1 },
      by_site: { chunks: 1, groups: 1 },
    });
  });

  it('a late row of a group and a bucket that were not there', async () => {
    await database.query(
      `insert into app.readings values ('2026-03-28 11:00Z', 77, 'elsewhere', 7, 1.5, 'new')`,
    );
    await exact();
    expect((await computed(since))['hours']).toEqual({ chunks: 1, groups: 1 });
  });

  it('an update that moves rows to another group: the old one and the new one', async () => {
    await database.query(
      `update app.readings set device = 4, site = 'moved' where device = 2 and at < '2026-03-28 20:10Z' and site = 'site 0'`,
    );
    await exact();
    expect((await computed(since))['days']?.groups).toBe(2);
  });

  it("the delete of a group's last row", async () => {
    await database.query(`delete from app.readings where device = 77`);
    await exact();
    expect(await database.query('select from app.hours where device = 77')).toEqual([]);
    expect((await computed(since))['minutes']).toEqual({ chunks: 1, groups: 1 });
  });

  it('many groups scattered over all buckets, across the change of the clocks', async () => {
    await database.query(`insert into app.readings
      select timestamptz '2026-03-28 20:00Z' + (hashint4(i) & 65535) * interval '1 second', (hashint4(i + 9) & 65535) % 40, 'site ' || i % 4, i, i / 3.0, 'w' || i % 3
      from generate_series(1, 300) i`);
    await exact({ much: true });
    expect((await computed(since))['minutes']?.groups).toBeGreaterThan(250);
  });

  it('a change of the time of rows', async () => {
    await database.query(
      `update app.readings set at = at + interval '3 hours' where device = 1 and site is not null and at < '2026-03-28 20:30Z'`,
    );
    await exact();
    expect((await computed(since))['minutes']?.groups).toBeGreaterThan(10);
  });

  it('a statement of more rows than are logged one by one: each of its groups once', async () => {
    await database.query(`insert into app.readings
      select timestamptz '2026-03-28 21:00Z' + (i % 7) * interval '1 minute', i % 3, 'site ' || i % 2, i, 1, 'many' from generate_series(1, 11000) i`);
    expect(
      await database.query(
        'select group_count from silver.timeseries_invalidation_log where source_id = 1',
      ),
    ).toEqual([{ group_count: 42 }]);
    await exact({ much: true });
    expect((await computed(since))['minutes']?.groups).toBe(42);
    await database.query(
      `update app.readings set amount = 1 where word = 'many' and device = 1; delete from app.readings where word = 'many'`,
    );
    await exact({ much: true });
    expect((await computed(since))['minutes']?.groups).toBe(84);
  });

  it('nothing of what was rolled back', async () => {
    await database.query(`begin; delete from app.readings where device = 3; rollback`);
    await database.query(`begin; savepoint s; update app.readings set device = 9 where device = 1; rollback to s;
      insert into app.readings values ('2026-03-28 21:40Z', 1, 'site 1', 3, 1, 'kept'); commit`);
    await exact();
    expect((await computed(since))['minutes']).toEqual({ chunks: 1, groups: 1 });
  });

  it('a row whose group is back as it was: nothing is written, and no child hears of it', async () => {
    await database.query(
      `update app.readings set amount = amount where device = 1 and at < '2026-03-28 20:05Z'`,
    );
    await exact();
    expect(
      await database.query(
        `select sum(rows_inserted + rows_updated + rows_deleted)::int as written from silver.timeseries_refresh_log where refresh_id > ${since}`,
      ),
    ).toEqual([{ written: 0 }]);
    expect((await computed(since))['hours']).toBeUndefined();
  });
});

describe('whole buckets win', () => {
  const late = `insert into app.readings values ('2026-03-28 22:00:30Z', 3, 'site 2', 7, 1.5, 'new')`;
  /** Minutes computed in whole buckets since. */
  const wholeMinutes = async () =>
    (
      await database.query(
        `select from silver.timeseries_refresh_log l join silver.timeseries_rollup_config r using (rollup_id)
         where l.refresh_id > ${since} and l.reason = 'late' and l.groups is null and r.target_table = 'app.minutes'::regclass`,
      )
    ).length;

  it('a group whose dimension is null', async () => {
    await database.query(
      `insert into app.readings values ('2026-03-28 22:10Z', 3, null, 7, 1.5, 'new')`,
    );
    await exact();
    expect((await computed(since))['minutes']).toEqual({ chunks: 1, groups: 0 });
  });

  it.each([
    [
      'that was ordered anew',
      `${late}; select silver.start_backfill('app.minutes', '2026-03-28 22:00Z', '2026-03-28 22:05Z', descendants => false);
        select silver.invalidate('app.by_site', '2026-03-28 22:00Z', '2026-03-28 22:05Z')`,
    ],
    [
      'invalidated before',
      `select silver.invalidate('app.readings', '2026-03-28 22:00Z', '2026-03-28 22:05Z'); ${late}`,
    ],
    [
      'invalidated after',
      `${late}; select silver.consume_log(1); select silver.invalidate('app.readings', '2026-03-28 22:00Z', '2026-03-28 22:05Z')`,
    ],
  ])('a bucket %s: a row that no trigger saw is found', async (_, statements) => {
    await database.query(`alter table app.readings disable trigger user;
      insert into app.readings values ('2026-03-28 22:00:40Z', 4, 'unseen', 7, 1.5, 'new');
      alter table app.readings enable always trigger silver_track_insert; alter table app.readings enable always trigger silver_track_update;
      alter table app.readings enable always trigger silver_track_delete; alter table app.readings enable always trigger silver_track_truncate`);
    await database.query(statements);
    await settle(database);
    expect(await differences('')).toEqual([]);
    await database.query(`delete from app.readings where site = 'unseen'`);
    await exact();
  });

  it('at REPEATABLE READ', async () => {
    await database.query(`begin isolation level repeatable read; ${late}; commit`);
    await exact();
    expect(await wholeMinutes()).toBe(1);
  });

  it('at REPEATABLE READ, where another group of the bucket is known', async () => {
    await database.query(late);
    await database.query('select silver.consume_log(1)');
    await database.query(
      `begin isolation level repeatable read; ${late.replace('3,', '4,')}; commit`,
    );
    await exact();
  });

  it('after a dimension of the source was renamed: until its rollups are synchronized', async () => {
    await database.query('alter table app.readings rename column site to place');
    await database.query(late);
    await database.query(
      `select silver.sync_rollup('app.minutes'); select silver.sync_rollup('app.by_site')`,
    );
    await database.query('alter table app.readings rename column place to site');
    await database.query(
      `select silver.sync_rollup('app.minutes'); select silver.sync_rollup('app.by_site')`,
    );
    await exact();
    expect((await computed(since))['minutes']?.groups).toBe(0);
    await database.query(late.replace('30Z', '31Z'));
    await exact();
    expect((await computed(since))['minutes']?.groups).toBe(1);
  });

  it('an entry in the form that an earlier version wrote', async () => {
    await database.query(late.replace('30Z', '35Z'));
    await database.query(
      `update silver.timeseries_invalidation_log set group_count = null, keys = array['[3, "site 2"]'::jsonb]`,
    );
    await exact();
    expect((await computed(since))['minutes']).toEqual({ chunks: 1, groups: 0 });
  });

  it('TRUNCATE', async () => {
    await database.query(`begin; create temporary table kept as table app.readings; truncate app.readings; ${late};
      insert into app.readings table kept; commit; drop table kept`);
    await exact({ much: true });
  });
});

describe('a chunk that does not come to its end gives its groups back', () => {
  const late = (second: number) =>
    database.query(
      `insert into app.readings values ('2026-03-28 23:00:${second}Z', 2, 'site 1', ${second}, 1, 'x')`,
    );

  it('released: its groups alone are computed', async () => {
    await late(10);
    await tick(database);
    await database.query('select silver.release_chunk(chunk_id) from silver.timeseries_chunk');
    await exact();
    expect((await computed(since))['minutes']).toEqual({ chunks: 1, groups: 1 });
  });

  it('released after its bucket became dirty as a whole', async () => {
    await late(11);
    await tick(database);
    await database.query(
      `select silver.invalidate('app.minutes', '2026-03-28 23:00Z', '2026-03-28 23:01Z')`,
    );
    await database.query('select silver.release_chunk(chunk_id) from silver.timeseries_chunk');
    await exact();
    expect((await computed(since))['minutes']).toEqual({ chunks: 1, groups: 0 });
  });

  it('released as a whole where more groups became dirty meanwhile', async () => {
    await database.query(
      `select silver.invalidate('app.minutes', '2026-03-28 23:00Z', '2026-03-28 23:01Z')`,
    );
    await tick(database);
    await late(12);
    await database.query('select silver.consume_log(1)');
    await database.query('select silver.release_chunk(chunk_id) from silver.timeseries_chunk');
    await exact();
    expect((await computed(since))['minutes']).toEqual({ chunks: 1, groups: 0 });
  });

  it('rolled back half-way, while another group of its bucket is written', async () => {
    await late(13);
    await tick(database);
    const [{ chunk_id: chunk } = { chunk_id: '' }] = await chunkIds(database);
    const worker = await database.connect();
    await worker.query('begin');
    await worker.query('select silver.run_chunk($1, $2, 1)', [chunk, 'worker']);
    await database.query(
      `insert into app.readings values ('2026-03-28 23:00:14Z', 3, 'site 2', 1, 1, 'x')`,
    );
    await worker.query('rollback');
    await tick(database);
    expect(await differences('_live')).toEqual([]);
    await runChunks(database);
    await exact();
    expect((await computed(since))['minutes']?.chunks).toBe(2);
    expect((await computed(since))['minutes']?.groups).toBeGreaterThan(2);
  });

  it('committed, while other groups of its bucket are written before and after', async () => {
    await late(15);
    await tick(database);
    await database.query(
      `insert into app.readings values ('2026-03-28 23:00:16Z', 3, 'site 2', 1, 1, 'x')`,
    );
    const [{ chunk_id: chunk } = { chunk_id: '' }] = await chunkIds(database);
    const worker = await database.connect();
    await worker.query('begin');
    await worker.query('select silver.run_chunk($1, $2, 1)', [chunk, 'worker']);
    await database.query(
      `insert into app.readings values ('2026-03-28 23:00:17Z', 4, 'site 2', 1, 1, 'x')`,
    );
    await worker.query('commit');
    await exact();
  });
});
