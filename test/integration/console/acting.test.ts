import { beforeAll, describe, expect, it } from 'vitest';
import { chunkIds, runChunks, settle, tick } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';
import { post, useConsole } from './use-console.ts';

const database = useDatabase();
const server = useConsole(database, { SILVER_CONSOLE_ACT: 'on' });

beforeAll(async () => {
  await database.query(`
    create table public.readings (at timestamptz not null, value integer);
    create index on public.readings (at);
    insert into public.readings select timestamptz '2026-03-01 00:05Z' + i * interval '30 minutes', i from generate_series(0, 47) i;
    select silver.create_rollup_table('public.readings', 'public', 'hourly', '1 hour', start_from => '2026-03-01Z');
    update silver.timeseries_rollup_config set rerun_interval = '0'`);
  await settle(database);
});

describe('an action of the console', () => {
  it('pauses and resumes', async () => {
    expect(await effect({ action: 'pause', rollup_id: 1 })).toContain('until it is resumed');
    expect(await act({ action: 'pause', rollup_id: 1 })).toMatchObject({ outcome: 'paused' });
    expect(await state()).toEqual({ status: 'paused' });
    await act({ action: 'resume', rollup_id: 1 });
    expect(await state()).toEqual({ status: 'idle' });
  });

  it('verifies a range, shows each difference with both values, and repairs', async () => {
    await database.query(
      `update public.hourly set max_value = 1000 where timestamp = '2026-03-01 03:00Z'`,
    );
    await settle(database); // no trigger of Silver's: the target is not a source here
    const range = {
      rollup_id: 1,
      from_time: '2026-03-01T00:00:00Z',
      to_time: '2026-03-02T00:00:00Z',
    };
    expect(await effect({ action: 'verify', repair: false, ...range })).toContain(
      'Compares 24 covered buckets',
    );
    const found = await act({ action: 'verify', repair: false, ...range });
    expect(found['differences']).toMatchObject([
      { expected: { max_value: 7 }, stored: { max_value: 1000 } },
    ]);
    await act({ action: 'verify', repair: true, ...range });
    await settle(database);
    expect(await act({ action: 'verify', repair: false, ...range })).toMatchObject({
      differences: [],
      outcome: 'every group compared agrees with the source',
    });
  });

  it('has a range computed again', async () => {
    const range = {
      rollup_id: 1,
      from_time: '2026-03-01T00:00:00Z',
      to_time: '2026-03-01T02:00:00Z',
    };
    expect(await effect({ action: 'invalidate', ...range })).toContain('2 covered buckets');
    await act({ action: 'invalidate', ...range });
    const [progress] = await database.query('select dirty::text from silver.timeseries_progress');
    expect(progress).toEqual({ dirty: '{["2026-03-01 00:00:00+00","2026-03-01 02:00:00+00")}' });
  });

  it('retries or discards a dead chunk, once', async () => {
    const chunkId = await deadChunk();
    const retry = { action: 'retry', rollup_id: 1, chunk_id: chunkId };
    expect(await effect(retry)).toContain('gets all its attempts again');
    expect(await act(retry)).toMatchObject({ outcome: `chunk ${chunkId} will be tried again` });
    expect((await post(`${server.url}/api/actions`, retry)).status).toBe(400);
    await database.query('select silver.start_chunk($1, $2, 1, null)', [chunkId, 'test']);
    await database.query('select silver.bury_chunk($1)', [chunkId]);
    await act({ action: 'discard', rollup_id: 1, chunk_id: chunkId });
    expect(await chunkIds(database)).toEqual([]);
    await tick(database);
    expect(await runChunks(database)).toEqual(['completed']);
  });

  it('is in the audit table with what was said beforehand, and only if it was done', async () => {
    const before = await audit();
    expect(before.length).toBeGreaterThan(5);
    expect(before[0]).toMatchObject({
      action: 'discard',
      actor: 'local',
      target_name: 'public.hourly',
    });
    expect(before[0]?.['effect']).toContain('is given up');
    // The action fails after its effect was described: neither happens.
    await database.query(`
      create function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
      create trigger refuse before insert on silver.timeseries_audit for each row execute function public.refuse()`);
    expect(
      (await post(`${server.url}/api/actions`, { action: 'pause', rollup_id: 1 })).status,
    ).toBe(400);
    await database.query('drop trigger refuse on silver.timeseries_audit');
    expect(await state()).toEqual({ status: 'idle' });
    expect(await audit()).toHaveLength(before.length);
  });
});

async function effect(action: object): Promise<string> {
  const response = await post(`${server.url}/api/actions/effect`, action);
  expect(response.status).toBe(200);
  return ((await response.json()) as { effect: string }).effect;
}

async function act(action: object): Promise<Record<string, unknown>> {
  const response = await post(`${server.url}/api/actions`, action);
  const answer = (await response.json()) as Record<string, unknown>;
  expect(response.status, JSON.stringify(answer)).toBe(200);
  return answer;
}

async function state() {
  const [row] = await database.query('select status from silver.timeseries_operations_monitor');
  return row;
}

function audit() {
  return database.query('select * from silver.timeseries_audit order by audit_id desc');
}

async function deadChunk(): Promise<number> {
  await tick(database);
  const [{ chunk_id: chunkId } = { chunk_id: '0' }] = await chunkIds(database);
  await database.query('select silver.start_chunk($1, $2, 1, null)', [chunkId, 'test']);
  await database.query('select silver.bury_chunk($1)', [chunkId]);
  return Number(chunkId);
}
