import { beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';
import { nextEvent, useConsole } from './use-console.ts';

const database = useDatabase();
const server = useConsole(database);

interface State {
  fleet: { target_table: string; lag_seconds: number; rows_by_minute: Record<string, number> }[];
}
interface Detail {
  coverage: { state: string; buckets: number; ranges: [string, string][] }[];
  hierarchy: { target_table: string; depth: number }[];
  refreshes: { rows_read: number }[];
}

beforeAll(async () => {
  await database.query(`
    create table public.readings (at timestamptz not null, device text, value double precision);
    create index on public.readings (at);
    insert into public.readings
      select timestamptz '2026-03-01 00:05Z' + i * interval '30 minutes', 'd' || i % 2, i from generate_series(0, 95) i;
    select silver.create_rollup_table('public.readings', 'public', 'hourly', '1 hour', dimensions => '{device}', start_from => '2026-03-01Z');
    select silver.create_rollup_table('public.hourly', 'public', '<script>daily', '1 day', start_from => '2026-03-01Z')`);
  await settle(database);
});

describe('the console', () => {
  it('shows every rollup with its freshness, its work and the reason', async () => {
    const state = (await (await fetch(`${server.url}/api/state`)).json()) as State;
    expect(state.fleet.map(({ target_table }) => target_table)).toEqual([
      'public.hourly',
      'public."<script>daily"',
    ]);
    expect(state.fleet[0]?.lag_seconds).toBe(0);
    const rows = Object.values(state.fleet[0]?.rows_by_minute ?? {});
    expect(rows.reduce((sum, one) => sum + one, 0)).toBe(96);
  });

  it('shows one rollup: its hierarchy, its coverage in whole buckets, its chunks', async () => {
    const detail = (await (await fetch(`${server.url}/api/rollups/1`)).json()) as Detail;
    expect(detail.hierarchy.map(({ depth }) => depth)).toEqual([0, 1]);
    const [covered, ...others] = detail.coverage;
    expect(others).toEqual([]);
    expect(covered?.state).toBe('covered');
    expect(covered?.ranges[0]?.[0]).toBe('2026-03-01T00:00:00+00:00');
    expect(detail.refreshes.reduce((sum, { rows_read }) => sum + rows_read, 0)).toBe(96);
  });

  it('tells an open page of a change by itself, exact to the bucket', async () => {
    const changed = nextEvent<Detail>(
      `${server.url}/api/events?rollup=1`,
      'detail',
      ({ coverage }) => coverage.some(({ state }) => state === 'unsettled'),
    );
    await database.query(
      `insert into public.readings values ('2026-03-01 07:10Z', 'late', 1), ('2026-03-01 09:10Z', 'late', 1)`,
    );
    const { coverage } = await changed;
    const unsettled = coverage.find(({ state }) => state === 'unsettled');
    expect(unsettled?.buckets).toBe(2);
    expect(unsettled?.ranges).toEqual([
      ['2026-03-01T07:00:00+00:00', '2026-03-01T08:00:00+00:00'],
      ['2026-03-01T09:00:00+00:00', '2026-03-01T10:00:00+00:00'],
    ]);
    const daily = (await (await fetch(`${server.url}/api/rollups/2`)).json()) as Detail;
    expect(daily.coverage.find(({ state }) => state === 'unsettled')?.buckets).toBe(1);
  });

  it('draws the live view, and marks what comes from the source', async () => {
    const points = await data(`column=row_count&from=2026-03-01T06:00:00Z&to=2026-03-01T09:00:00Z`);
    expect(points).toEqual([
      { bucket: '2026-03-01T06:00:00+00:00', value: 2, live: false },
      { bucket: '2026-03-01T07:00:00+00:00', value: 3, live: true },
      { bucket: '2026-03-01T08:00:00+00:00', value: 2, live: false },
    ]);
    const one = await data(
      `column=avg_value&from=2026-03-01T06:00:00Z&to=2026-03-01T07:00:00Z&filter=${encodeURIComponent('{"device": "d1"}')}`,
    );
    expect(one).toEqual([{ bucket: '2026-03-01T06:00:00+00:00', value: 13, live: false }]);
    const all = await data(`column=avg_value&from=2026-03-01T06:00:00Z&to=2026-03-01T07:00:00Z`);
    expect(all).toEqual([{ bucket: '2026-03-01T06:00:00+00:00', value: 12.5, live: false }]);
  });

  it.each([
    [
      'column=nothing&from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z',
      'nothing of public.hourly',
    ],
    ['column=row_count&from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z', 'is empty'],
    ['column=row_count&from=2020-03-02T00:00:00Z&to=2026-03-01T00:00:00Z', 'more than 5000'],
    ['column=row_count&from=yesterday&to=2026-03-01T00:00:00Z', 'is not an instant'],
    [
      `column=row_count&from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z&filter=${encodeURIComponent('{"x\'": "1"}')}`,
      "x' is no dimension",
    ],
    ['column=row_count&from=2026-03-01T00:00:00Z&to=2026-03-02T00:00:00Z&filter=no', 'json'],
  ])('refuses %s', async (query, message) => {
    const response = await fetch(`${server.url}/api/rollups/1/data?${query}`);
    expect(response.status).toBe(400);
    expect(((await response.json()) as { message: string }).message).toContain(message);
  });

  it('says when there is no such rollup, and no such thing', async () => {
    expect((await fetch(`${server.url}/api/rollups/77`)).status).toBe(404);
    expect((await fetch(`${server.url}/api/nothing`)).status).toBe(404);
    expect((await fetch(`${server.url}/api/rollups/x`)).status).toBe(400);
  });

  it('describes its API by the schemas it parses with', async () => {
    const document = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as {
      paths: object;
      components: { schemas: object };
    };
    expect(Object.keys(document.paths).toSorted()).toEqual([
      '/api/actions',
      '/api/actions/effect',
      '/api/audit',
      '/api/info',
      '/api/rollups/{rollupId}',
      '/api/rollups/{rollupId}/data',
      '/api/rollups/{rollupId}/statement',
      '/api/state',
    ]);
    expect(Object.keys(document.components.schemas)).toContain('RollupDetail');
  });

  it('mounts the dashboard of pg-boss', async () => {
    const response = await fetch(`${server.url}/queues`);
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('pg-boss');
  });

  async function data(query: string): Promise<unknown> {
    const response = await fetch(`${server.url}/api/rollups/1/data?${query}`);
    expect(response.status).toBe(200);
    return response.json();
  }
});
