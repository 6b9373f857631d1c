import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from 'vitest';
import { seed } from '../../support/seed.ts';
import { useDatabase } from '../../support/use-database.ts';

/** One instant in one zone, in microseconds since 1970, with Silver's bucket of one width around it. */
interface Probe {
  readonly zone: string;
  readonly at: bigint;
  readonly width: string;
  readonly from: bigint;
  readonly to: bigint;
}

/**
 * For every zone of the server: random instants from 1900 to 2020, and instants around random changes of its clock. With the
 * bucket of each that Silver finds.
 */
const probesText = `
  with zone as (
    select name from pg_timezone_names where name !~ '^(posix|right)/' and name not in ('localtime', 'Factory', 'posixrules')
  ), step as (
    select z.name, s.at, (s.at at time zone z.name) - (s.at at time zone 'UTC') as ahead,
      lead((s.at at time zone z.name) - (s.at at time zone 'UTC')) over (partition by z.name order by s.at) as later_ahead,
      lead(s.at) over (partition by z.name order by s.at) as later
    from zone z cross join generate_series(timestamptz '1900-01-01Z', timestamptz '2020-01-01Z', interval '90 days') as s (at)
  ), change as (
    select name, at, later, ahead from (
      select s.*, row_number() over (partition by name order by random()) as pick from step s where ahead <> later_ahead
    ) as picked where pick <= 3
  ), edge as (
    -- The first second with the new offset: 23 halvings of 90 days.
    select c.name, b.hi as at
    from change c
    cross join lateral (
      with recursive half (lo, hi, n) as (
        select extract(epoch from c.at)::bigint, extract(epoch from c.later)::bigint, 0
        union all
        select case when m.same then m.mid else h.lo end, case when m.same then h.hi else m.mid end, h.n + 1
        from half h cross join lateral (
          select (h.lo + h.hi) / 2 as mid,
            (to_timestamp((h.lo + h.hi) / 2) at time zone c.name) - (to_timestamp((h.lo + h.hi) / 2) at time zone 'UTC') = c.ahead as same
        ) as m
        where h.n < 24 and h.hi - h.lo > 1
      )
      select hi from half order by n desc limit 1
    ) as b
  ), probe as (
    select z.name, timestamptz '1900-01-01Z' + random() * interval '43829 days' as at from zone z cross join generate_series(1, 3)
    union all
    select e.name, to_timestamp(e.at) + d from edge e
    cross join unnest(array['-1 microsecond', '0', '1 hour', '-1 hour']::interval[]) as d
  )
  select p.name as zone, w.width::text as width, (extract(epoch from p.at) * 1000000)::bigint::text as at,
    (extract(epoch from b.lo) * 1000000)::bigint::text as from, (extract(epoch from b.hi) * 1000000)::bigint::text as to,
    silver.bucket_floor(w.width, p.name, o.origin, p.at) = b.lo and silver.bucket_floor(w.width, p.name, o.origin, b.hi) = b.hi as tiles
  from probe p
  cross join (values (interval '1 day'), (interval '7 days'), (interval '1 month')) as w (width)
  cross join lateral (select silver.bucket_origin(w.width, p.name)) as o (origin)
  cross join lateral (select silver.bucket_index(w.width, p.name, o.origin, p.at)) as i (n)
  cross join lateral (
    select silver.bucket_start(w.width, p.name, o.origin, i.n) as lo, silver.bucket_start(w.width, p.name, o.origin, i.n + 1) as hi offset 0
  ) as b`;

describe(`buckets of days, weeks and months in every time zone (seed ${seed})`, () => {
  const database = useDatabase();

  it('tile time, contain their rows, and are those an independent engine computes', async () => {
    await database.query('select setseed($1)', [(seed % 1_000_000) / 1_000_000]);
    const rows = await database.query<
      Record<'zone' | 'width' | 'at' | 'from' | 'to', string> & { tiles: boolean }
    >(probesText);
    expect(new Set(rows.map(({ zone }) => zone)).size).toBeGreaterThan(400);
    expect(rows.filter(({ tiles }) => !tiles)).toEqual([]);
    const probes = rows.map(
      ({ at, from, to, width, zone }): Probe => ({
        zone,
        width,
        at: BigInt(at),
        from: BigInt(from),
        to: BigInt(to),
      }),
    );
    expect(probes.filter(({ at, from, to }) => !(from <= at && at < to))).toEqual([]);

    const { different, differing, judged } = await judge(database, probes);
    process.stdout.write(
      `zones whose data differ between the two before 2020: ${[...differing].sort().join(', ') || 'none'}\n`,
    );
    expect(differing.size).toBeLessThan(150);
    expect(judged).toBeGreaterThan(probes.length * 0.7);
    expect(different).toEqual([]);
  }, 240_000);
});

interface Judgement {
  /** Probes for which DuckDB finds another bucket. */
  readonly different: readonly Record<string, unknown>[];
  /** Zones in which the two do not agree what time it was, at a probe or at a bound of its bucket: their data are of different age. */
  readonly differing: ReadonlySet<string>;
  readonly judged: number;
}

/**
 * What DuckDB, by way of ICU, says of the same instants. A bucket begins at the local midnight before: of a midnight that
 * comes twice at the second, of one that is left out when the clock jumped.
 */
async function judge(
  database: ReturnType<typeof useDatabase>,
  probes: readonly Probe[],
): Promise<Judgement> {
  const instance = await DuckDBInstance.create(':memory:');
  const duck = await instance.connect();
  try {
    await duck.run(
      'create table probe (zone varchar, width varchar, us bigint, begins_us bigint, ends_us bigint)',
    );
    const appender = await duck.createAppender('probe');
    for (const { at, from, to, width, zone } of probes) {
      appender.appendVarchar(zone);
      appender.appendVarchar(width);
      for (const value of [at, from, to]) appender.appendBigInt(value);
      appender.endRow();
    }
    appender.closeSync();
    await duck.run('create table known as select name from pg_timezone_names()');
    await duck.run('delete from probe where zone not in (select name from known)');
    // What both say the local time was, at the instant and at the bounds of Silver's bucket, and a bit before them.
    const moments = `select distinct zone, unnest([us, begins_us, ends_us, begins_us - 1, ends_us - 1, begins_us + 86400000000, begins_us - 86400000000]) as us from probe`;
    const local = await duck.runAndReadAll(
      `select zone, us::varchar, epoch_us(make_timestamptz(us) at time zone zone)::varchar as local from (${moments})`,
    );
    const differing = await zonesThatDiffer(
      database,
      local.getRowsJson() as [string, string, string][],
    );
    const list = [...differing].map((zone) => `'${zone}'`).join(', ') || `''`;
    const result = await duck.runAndReadAll(`
      with cut as (
        select *, case width when '1 day' then 'day' when '7 days' then 'week' else 'month' end as part,
          make_timestamptz(us) at time zone zone as local
        from probe where zone not in (${list})
      ), bucket as (
        select *, date_trunc(part, local) as begins,
          date_trunc(part, local) - case part when 'day' then interval '1 day' when 'week' then interval '7 days' else interval '1 month' end as earlier
        from cut
      ), found as (
        select *, case when epoch_us(begins at time zone zone) <= us then epoch_us(begins at time zone zone)
          else epoch_us(earlier at time zone zone) end as expected
        from bucket
      )
      select zone, width, make_timestamptz(us)::varchar as instant, make_timestamptz(begins_us)::varchar as silver,
        make_timestamptz(expected)::varchar as duckdb, count(*) over () as judged, expected = begins_us as same
      from found order by same, zone limit 20`);
    const judged = result.getRowObjectsJson();
    return {
      different: judged.filter(({ same }) => same !== true),
      differing,
      judged: Number(judged[0]?.['judged'] ?? 0),
    };
  } finally {
    duck.closeSync();
    instance.closeSync();
  }
}

async function zonesThatDiffer(
  database: ReturnType<typeof useDatabase>,
  moments: readonly (readonly [zone: string, us: string, local: string])[],
): Promise<ReadonlySet<string>> {
  const rows = await database.query<{ zone: string }>(
    `select distinct m.zone from unnest($1::text[], $2::bigint[], $3::bigint[]) as m (zone, us, local)
     where (timestamptz '1970-01-01Z' + m.us * interval '1 microsecond') at time zone m.zone
       <> timestamp '1970-01-01' + m.local * interval '1 microsecond'`,
    [
      moments.map(([zone]) => zone),
      moments.map(([, us]) => us),
      moments.map(([, , local]) => local),
    ],
  );
  return new Set(rows.map(({ zone }) => zone));
}
