import { expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { hourly, set, useFindings, validate } from './use-findings.ts';

const { database, undone } = useFindings();

it('finds nothing where all is well', async () => {
  expect(await database.query('select * from silver.validate_rollup_config()')).toEqual([]);
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
