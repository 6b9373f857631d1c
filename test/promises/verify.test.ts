import { beforeAll, describe, expect, it } from 'vitest';
import { runSilver } from '../integration/silver-under-test.ts';
import { settle } from '../support/drive.ts';
import { useDatabase } from '../support/use-database.ts';
import { createTrackedReadings, differences } from './tracked-readings.ts';

describe('silver verify', () => {
  const database = useDatabase();
  const verify = (...args: string[]) => runSilver(database.url, ['verify', ...args]);

  beforeAll(async () => {
    await createTrackedReadings(database);
    await settle(database);
  });

  /** As if somebody had changed the target by hand, and Silver had not seen it. */
  const corrupt = () =>
    database.query(`alter table app.hourly disable trigger user;
      update app.hourly set sum_amount = sum_amount + 1 where timestamp = '2026-01-30 05:00Z' and device = 'd1';
      delete from app.hourly where timestamp = '2026-01-30 06:00Z' and device = 'd0';
      insert into app.hourly select (jsonb_populate_record(h, '{"device": "ghost"}')).* from app.hourly h
        where timestamp = '2026-01-30 07:00Z' and device = 'd1';
      alter table app.hourly enable trigger user`);

  it('finds nothing wrong where nothing is', async () => {
    const { code, stdout } = await verify();
    expect(stdout).toContain('app.hourly');
    expect(stdout).toContain('app.daily');
    expect(code).toBe(0);
  });

  it('reports each difference with both values and fails', async () => {
    await corrupt();
    const { code, stdout } = await verify('app.hourly', '--json');
    expect(code).toBe(5);
    const { differences: found } = JSON.parse(stdout);
    expect(found).toHaveLength(3);
    const [changed, missing, ghost] = found;
    expect(changed).toMatchObject({
      target: 'app.hourly',
      bucket: expect.stringContaining('2026-01-30 05:00'),
      expected: { device: 'd1' },
      stored: { device: 'd1' },
    });
    expect(Number(changed.stored.sum_amount)).toBe(Number(changed.expected.sum_amount) + 1);
    expect(missing).toMatchObject({ expected: { device: 'd0' }, stored: null });
    expect(ghost).toMatchObject({ expected: null, stored: { device: 'ghost' } });
  });

  it('looks at the time it is told alone, and at a sample of the buckets', async () => {
    expect((await verify('app.hourly', '--from', '2026-02-01Z', '--to', '2026-02-02Z')).code).toBe(
      0,
    );
    expect(
      (
        await verify(
          'app.hourly',
          '--from',
          '2026-01-30 05:00Z',
          '--to',
          '2026-01-30 06:00Z',
          '--sample',
          '1',
        )
      ).code,
    ).toBe(5);
    const { code, stderr } = await verify('app.hourly', '--sample', '0');
    expect(code).toBe(2);
    expect(stderr).toContain('sample');
  });

  it('names a table that is no target, and a range that is empty', async () => {
    expect(await verify('app.nothing')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('app.nothing'),
    });
    expect(await verify('app.readings')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not the target'),
    });
    expect(
      await verify('app.hourly', '--from', '2026-02-02Z', '--to', '2026-02-01Z'),
    ).toMatchObject({ code: 1, stderr: expect.stringContaining('empty') });
  });

  it('repairs what it finds: the buckets are computed again', async () => {
    const { code, stdout } = await verify('app.hourly', '--repair');
    expect(code).toBe(5);
    expect(stdout).toContain('computed again');
    expect(await differences(database)).toEqual([]);
    await settle(database);
    expect(await differences(database, '')).toEqual([]);
    expect((await verify()).code).toBe(0);
  });
});
