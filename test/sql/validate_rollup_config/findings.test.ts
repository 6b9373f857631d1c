import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';

const database = useDatabase();

interface Finding {
  readonly severity: string;
  readonly target_table: string | null;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

const validate = async (client: Pick<pg.Client, 'query'>): Promise<Finding[]> =>
  (await client.query<Finding>('select * from silver.validate_rollup_config()')).rows;

beforeAll(async () => {
  await database.query(
    `create schema app;
     create table app.readings (at timestamptz not null, device text not null, value integer not null) partition by range (at);
     create table app.readings_1 partition of app.readings for values from ('2001-01-01Z') to ('2001-02-01Z');
     create table app.readings_2 partition of app.readings for values from ('2001-02-01Z') to ('2001-03-01Z');
     create index readings_at on app.readings (at);
     insert into app.readings select timestamptz '2001-01-01Z' + i * interval '1 minute', 'd' || i % 3, i from generate_series(0, 2879) i;
     select silver.create_rollup_table('app.readings', 'app', 'Hour"ly', '1 hour', start_from => '2001-01-01Z', dimensions => '{device}');
     select silver.create_rollup_table('app."Hour""ly"', 'app', 'daily', '1 day', start_from => '2001-01-01Z', dimensions => '{device}');`,
  );
  await settle(database);
});

let session: Promise<pg.Client> | undefined;

/** Runs work in a transaction that is rolled back. All in one session, which compiles Silver's functions once. */
async function undone(work: (client: pg.Client) => Promise<void>): Promise<void> {
  session ??= database.connect();
  const client = await session;
  await client.query('begin');
  try {
    await work(client);
  } finally {
    await client.query('rollback');
  }
}

it('finds nothing where all is well', async () => {
  expect(await database.query('select * from silver.validate_rollup_config()')).toEqual([]);
});

const hourly = `rollup_id = 1`;
const set = (assignment: string, which = hourly) =>
  `update silver.timeseries_rollup_config set ${assignment} where ${which}`;

/** What somebody does, what it is called, and how bad it is. The remedy is run where it is SQL, and must mend it. */
const cases: readonly {
  readonly code: string;
  readonly severity: 'error' | 'warning' | 'info';
  readonly harm: string;
  readonly says: RegExp;
  readonly target?: string | null;
  /** What is to be done, where the remedy is advice and not SQL. */
  readonly advice?: RegExp;
  /** What a cure in words comes to. */
  readonly cure?: string;
}[] = [
  {
    code: 'source_missing',
    severity: 'error',
    harm: 'drop table app.readings',
    says: /the source \d+ is gone/,
    advice: /drop_rollup/,
  },
  {
    code: 'target_missing',
    severity: 'error',
    harm: 'drop table app.daily cascade',
    says: /the target \d+ is gone/,
    target: expect.stringMatching(/^\d+$/) as never,
    advice: /drop_rollup/,
  },
  {
    code: 'live_view_missing',
    severity: 'warning',
    harm: 'drop view app.daily_live',
    target: 'app.daily',
    says: /app\.daily_live is gone/,
  },
  {
    code: 'key_missing',
    severity: 'error',
    harm: 'alter table app.daily drop constraint daily_pkey',
    target: 'app.daily',
    says: /no unique key of \{device,timestamp\}/,
  },
  {
    code: 'default_partition',
    severity: 'error',
    harm: 'create table app.rest partition of app."Hour""ly" default',
    says: /default partition, app\.rest/,
    advice: /DETACH PARTITION app\.rest/,
    cure: 'drop table app.rest',
  },
  {
    code: 'not_partitioned',
    severity: 'error',
    harm: `alter table app.daily rename to was; create table app.daily (like app.was including all); ${set(`target_table = 'app.daily'`, 'rollup_id = 2')}`,
    target: 'app.daily',
    says: /is no partitioned table/,
  },
  {
    code: 'retention_needs_partitions',
    severity: 'warning',
    harm: set(`partition_interval = null, retention_period = '1 year'`),
    says: /plain table with children/,
    advice: /partition_interval/,
  },
  {
    code: 'source_column_missing',
    severity: 'error',
    harm: 'alter table app.readings drop column value',
    says: /has no column value any more, which \w+ is computed from/,
  },
  {
    code: 'source_column_missing',
    severity: 'error',
    harm: 'alter table app.readings rename column value to "Va;lue"',
    says: /has no column value/,
  },
  {
    code: 'source_changed',
    severity: 'error',
    harm: 'alter table app.readings alter column value type bigint',
    says: /have changed since it was compiled/,
  },
  {
    code: 'column_narrowed',
    severity: 'error',
    harm: 'alter table app.readings alter column value type bigint',
    says: /m\w\w_value of .* is integer; value of the source has become bigint/,
  },
  {
    code: 'column_added',
    severity: 'warning',
    harm: 'alter table app.readings add column "new; one" integer',
    says: /"new; one" has come to app\.readings/,
    advice: /sync_rollup/,
    cure: `select * from silver.sync_rollup('app."Hour""ly"')`,
  },
  {
    code: 'target_column_changed',
    severity: 'error',
    harm: 'drop view app.daily_live; alter table app.daily drop column avg_value',
    target: 'app.daily',
    says: /has no column avg_value any more/,
    advice: /Restore the column/,
  },
  {
    code: 'target_column_changed',
    severity: 'error',
    harm: 'drop view app.daily_live; alter table app.daily alter column avg_value type double precision',
    target: 'app.daily',
    says: /avg_value of app\.daily is double precision, not numeric/,
    advice: /Restore the column/,
  },
  {
    code: 'not_compiled',
    severity: 'error',
    harm: `delete from silver.timeseries_rollup_statement where ${hourly}`,
    says: /no stored statements/,
  },
  {
    code: 'time_unindexed',
    severity: 'warning',
    harm: 'drop index app.readings_at',
    says: /no btree index of app\.readings begins with at/,
  },
  {
    code: 'source_unlogged',
    severity: 'error',
    harm: 'alter table app.readings_2 set unlogged',
    says: /app\.readings_2 is unlogged/,
  },
  {
    code: 'log_waiting',
    severity: 'warning',
    harm: `insert into silver.timeseries_invalidation_log (source_id, touched, logged_at) values (1, '{[2001-01-01Z,2001-01-02Z)}', now() - interval '11 minutes')`,
    says: /1 entries of changes to app\.readings wait since/,
    advice: /Start a scheduler/,
  },
  {
    code: 'tracking_off',
    severity: 'warning',
    harm: `select silver.track_off('app.readings')`,
    says: /is switched off/,
  },
  {
    code: 'foreign_member',
    severity: 'error',
    harm: `create foreign data wrapper nowhere; create server nowhere foreign data wrapper nowhere;
      create foreign table app.readings_3 partition of app.readings for values from ('2001-03-01Z') to ('2001-04-01Z') server nowhere`,
    says: /app\.readings_3 is a foreign table/,
    advice: /Detach it/,
  },
  {
    code: 'member_untracked',
    severity: 'warning',
    harm: `create table app.readings_3 partition of app.readings for values from ('2001-03-01Z') to ('2001-04-01Z')`,
    says: /1 of 4 members of app\.readings lack tracking triggers, the first is app\.readings_3/,
    advice: /adopts them/,
    cure: 'select silver.lock_source(1), silver.adopt_source(1)',
  },
  {
    code: 'trigger_disabled',
    severity: 'error',
    harm: 'alter table app.readings_1 disable trigger silver_track_update',
    says: /tracking triggers of app\.readings_1 do not fire always/,
  },
  {
    code: 'trigger_disabled',
    severity: 'error',
    harm: 'alter table app.readings_1 enable trigger silver_track_delete',
    says: /do not fire always/,
  },
  {
    code: 'start_unaligned',
    severity: 'error',
    harm: set(`start_from = '2001-01-01 00:30Z'`),
    says: /is no bucket boundary/,
  },
  {
    code: 'interval_invalid',
    severity: 'error',
    harm: set(`rollup_table_interval = '-1 hour'`),
    says: /./,
    advice: /drop_rollup/,
  },
  {
    code: 'interval_invalid',
    severity: 'error',
    harm: set(`rollup_table_interval = '90 minutes'`, 'rollup_id = 2'),
    target: 'app.daily',
    says: /multiple|nest|buckets/i,
    advice: /drop_rollup/,
  },
  {
    code: 'cycle',
    severity: 'error',
    harm: set(`source_table = 'app.daily'`),
    says: /the rollup is its own source: app\."Hour""ly" <- app\.daily <- app\."Hour""ly"/,
    advice: /drop_rollup/,
  },
  {
    code: 'partition_interval_short',
    severity: 'error',
    harm: set(`partition_interval = '10 minutes'`),
    says: /narrower than buckets/,
  },
  {
    code: 'retention_coarse',
    severity: 'info',
    harm: set(`retention_period = '20 days', partition_interval = '1 month'`),
    says: /dropped whole/,
  },
  {
    code: 'retention_short',
    severity: 'warning',
    harm: set(`retention_period = '1 hour', partition_interval = '1 hour'`),
    says: /expire after/,
    advice: /longer retention_period/,
    cure: set(`retention_period = '1 year'`),
  },
  {
    code: 'freeze_short',
    severity: 'warning',
    harm: set(`freeze_after = '90 minutes'`),
    says: /final after/,
    advice: /longer freeze_after/,
    cure: set(`freeze_after = '1 year'`),
  },
  {
    code: 'retry_delay',
    severity: 'warning',
    harm: set(`retry_delay = '1 hour'`),
    says: /longer than retry_delay_max/,
    advice: /longer retry_delay_max/,
    cure: set(`retry_delay_max = '2 hours'`),
  },
  {
    code: 'chunk_dead',
    severity: 'error',
    harm: `insert into silver.timeseries_chunk (rollup_id, ranges, buckets, reason, state, attempt, last_error) values (1, '{[2031-01-01Z,2031-01-01 01:00Z)}', 1, 'forward', 'dead', 11, 'boom')`,
    says: /1 dead chunk, the first is \d+: boom/,
    advice: /reset_rollup_retry/,
    cure: `select silver.reset_rollup_retry('app."Hour""ly"')`,
  },
  {
    code: 'paused',
    severity: 'info',
    harm: `select silver.pause_rollup('app."Hour""ly"')`,
    says: /^paused$/,
  },
  {
    code: 'progress_missing',
    severity: 'error',
    harm: `delete from silver.timeseries_progress where ${hourly}`,
    says: /no row in silver\.timeseries_progress/,
    advice: /drop_rollup/,
  },
  {
    code: 'frozen_hits',
    severity: 'info',
    harm: `update silver.timeseries_progress set frozen_hits = 3, frozen_hit_at = now() where ${hourly}`,
    says: /touched 3 buckets that are final/,
    advice: /invalidate/,
  },
  {
    code: 'dimension_missing',
    severity: 'error',
    target: null,
    harm: `insert into silver.timeseries_dimension_config (source_table, dimension_column) values ('app.readings', 'no "such"')`,
    says: /names a column that app\.readings does not have: "no ""such"""/,
  },
  {
    code: 'dimension_missing',
    severity: 'error',
    target: null,
    harm: `create table app.passing (n integer); insert into silver.timeseries_dimension_config (source_table, dimension_column) values ('app.passing', 'n'); drop table app.passing`,
    says: /names a table that is gone/,
  },
  {
    code: 'dimensions_differ',
    severity: 'info',
    target: null,
    harm: `insert into silver.timeseries_dimension_config (source_table, dimension_column) values ('app.readings', 'value');
      update silver.timeseries_rollup_config set created_with = created_with - 'dimensions' where ${hourly}`,
    says: /groups by \{device\}; timeseries_dimension_config now says \{value\}/,
    advice: /drop and create/,
  },
];

describe.each(cases)('$code: $harm', ({ advice, code, cure, harm, says, severity, target }) => {
  it('is found, with its severity, target and message; its remedy mends it', async () => {
    await undone(async (client) => {
      await client.query(harm);
      const finding = (await validate(client)).find((found) => found.code === code);
      expect(finding).toMatchObject({
        severity,
        target_table:
          target === undefined ? expect.stringMatching(/^(app\."Hour""ly"|app\.daily)$/) : target,
        message: expect.stringMatching(says),
        remedy: expect.stringMatching(advice ?? /;( -- .*)?$/),
      });
      const mending = cure ?? (advice === undefined ? finding?.remedy : undefined);
      if (mending !== undefined) {
        await client.query(mending);
        const left = (await validate(client)).filter(
          (found) => found.code === code && found.target_table === finding?.target_table,
        );
        expect(left).toEqual([]);
      }
    });
  });
});

it('a trigger function that is gone is made again by its remedy', async () => {
  await undone(async (client) => {
    await client.query('drop function silver.track_2() cascade');
    const found = await validate(client);
    const remedy = found.find(({ code }) => code === 'tracking_function_missing')?.remedy ?? '';
    expect(remedy).toMatch(/compile_tracking/);
    await client.query(remedy);
    expect((await validate(client)).map(({ code }) => code)).not.toContain(
      'tracking_function_missing',
    );
  });
});

it('a prepared transaction that holds the seal is named, with what ends it', async () => {
  const gid = `silver test ${database.name}`;
  const writer = await database.connect();
  await writer.query('begin');
  await writer.query(`insert into app.readings values ('2001-01-01 05:00:30Z', 'd0', 1)`);
  await writer.query(`prepare transaction '${gid}'`);
  try {
    await database.query(
      `update silver.timeseries_tracked_source set horizon = '2001-01-15Z', drain_grace = '0' where source_id = 1;
       insert into silver.timeseries_drain (source_id, range, writers, created_at)
       select 1, '[2001-01-01Z,2001-01-15Z)', silver.writers_of('app.readings'), now() - interval '1 hour';
       update silver.timeseries_rollup_config set alert_threshold = '1 microsecond';`,
    );
    // Ten minutes at the least: that long nobody waits in a test, so somebody who prepared it long ago is played.
    await undone(async (client) => {
      await client.query(
        `create or replace function silver.seal_holders(source_id integer) returns table (transaction_id xid8, pid integer, gid text, since timestamptz, state text, query text)
         language sql stable as $$ select w, null::integer, x.gid, now() - interval '11 minutes', 'prepared', null
           from silver.timeseries_drain d, unnest(d.writers) w join pg_prepared_xacts x on x.transaction = w::xid where d.source_id = seal_holders.source_id $$`,
      );
      const found = (await validate(client)).find(({ code }) => code === 'seal_held');
      expect(found).toMatchObject({
        severity: 'warning',
        message: expect.stringContaining(`prepared transaction '${gid}'`),
      });
      expect(found?.remedy).toContain(`ROLLBACK PREPARED '${gid}';`);
    });
  } finally {
    await database.query(`rollback prepared '${gid}'`);
  }
  await waitUntil('all is settled', async () => {
    await settle(database);
    return (await database.query('select from silver.timeseries_drain')).length === 0;
  });
});

it('a check that fails is a finding itself, and one broken rollup hides no other', async () => {
  await undone(async (client) => {
    await client.query(
      `create or replace function silver.check_source(rollup_id integer) returns table (severity text, code text, message text, remedy text)
       language plpgsql as $$ begin if rollup_id = 1 then raise exception 'boom'; end if; end $$`,
    );
    await client.query('drop view app.daily_live');
    expect(await validate(client)).toMatchObject([
      {
        code: 'check_failed',
        target_table: 'app."Hour""ly"',
        message: 'silver.check_source failed: boom',
      },
      { code: 'live_view_missing', target_table: 'app.daily' },
    ]);
  });
});

it('a time zone that PostgreSQL does not know is found', async () => {
  await undone(async (client) => {
    await client.query(set(`bucket_time_zone = 'Nowhere/At_all'`));
    expect(await validate(client)).toContainEqual(
      expect.objectContaining({
        code: 'interval_invalid',
        message: expect.stringContaining('Nowhere/At_all'),
      }),
    );
  });
});

it('the worst comes first', async () => {
  await undone(async (client) => {
    await client.query('drop index app.readings_at');
    await client.query(`select silver.pause_rollup('app.daily')`);
    await client.query(`delete from silver.timeseries_rollup_statement where ${hourly}`);
    expect((await validate(client)).map(({ severity }) => severity)).toEqual([
      'error',
      'warning',
      'info',
    ]);
  });
});

it('changes nothing', async () => {
  const client = await database.connect();
  await client.query('begin read only');
  expect(await validate(client)).toEqual(expect.any(Array));
  await client.query('rollback');
});
