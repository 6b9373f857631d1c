import { describe, expect, it } from 'vitest';
import { seed } from '../../support/seed.ts';
import { useDatabase } from '../../support/use-database.ts';

describe(`buckets shorter than a day (seed ${seed})`, () => {
  const database = useDatabase();

  it('are those that their numbers say, before the origin and after, on an edge and off it, in any zone', async () => {
    await database.query('select setseed($1)', [(seed % 1_000_000) / 1_000_000]);
    const wrong = await database.query(`
      with probe as (
        select w.width, z.zone, o.origin, o.origin + i.n * w.width + d.off as at
        from unnest(array['1 microsecond', '7 seconds', '15 minutes', '1 hour', '23:59:59.999999', '1 day -1 hour']::interval[]) as w (width)
        cross join unnest(array['UTC', 'Europe/Berlin', 'Asia/Kathmandu']) as z (zone)
        cross join unnest(array['2000-01-01Z', '2026-03-29 00:17:00.000001Z', '1960-05-05 05:05Z']::timestamptz[]) as o (origin)
        cross join lateral (select (random() * 20000 - 10000)::integer as n from generate_series(1, 20)) as i
        cross join unnest(array['0', '1 microsecond', '-1 microsecond', '11 minutes']::interval[]) as d (off)
      )
      select p.*, silver.bucket_floor(p.width, p.zone, p.origin, p.at) as floor, b.lo
      from probe p cross join lateral (
        select silver.bucket_start(p.width, p.zone, p.origin, silver.bucket_index(p.width, p.zone, p.origin, p.at)) as lo,
          silver.bucket_start(p.width, p.zone, p.origin, silver.bucket_index(p.width, p.zone, p.origin, p.at) + 1) as hi) as b
      where silver.bucket_floor(p.width, p.zone, p.origin, p.at) <> b.lo
        or silver.bucket_ceiling(p.width, p.zone, p.origin, p.at) <> case when p.at = b.lo then b.lo else b.hi end or not (b.lo <= p.at and p.at < b.hi)`);
    expect(wrong).toEqual([]);
  });

  it('end where the next begin', async () => {
    await database.query(`
      create table public.readings (at timestamptz not null, value integer not null);
      select silver.create_rollup_table('public.readings', 'public', 'quarters', '15 minutes', start_from => '2001-01-01Z', dimensions => '{}')`);
    const wrong = await database.query(`
      select * from (
        select i.at, silver.bucket_after(r, i.at) as after, silver.bucket_start(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin,
          silver.bucket_index(r.rollup_table_interval, r.bucket_time_zone, r.bucket_origin, i.at) + 1) as next
        from silver.timeseries_rollup_config r
        cross join generate_series(timestamptz '1999-12-31Z', '2001-01-02Z', interval '7 hours 33 minutes') as i (at)) as ends
      where after <> next`);
    expect(wrong).toEqual([]);
  });

  it('are refused where they mix months with time, however short', async () => {
    await expect(
      database.query(
        `select silver.bucket_floor('1 month -29 days -23 hours', 'UTC', '2000-01-01Z', '2026-01-01Z')`,
      ),
    ).rejects.toMatchObject({ code: '22023' });
  });
});
