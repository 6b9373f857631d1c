import { expect, it } from 'vitest';
import { seed } from '../../support/seed.ts';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

/** Instants of `given (width, zone, origin, ts)` where the inlined expression and the planner's function differ. */
function disagreements(given: string): Promise<unknown[]> {
  return database.query(`
    with given (width, zone, origin, ts) as (${given})
    select g.*, silver.time_bucket(width, ts, zone, origin) as bucket from given g
    where silver.time_bucket(width, ts, zone, origin)
      is distinct from silver.bucket_floor(width, zone, coalesce(origin, silver.bucket_origin(width, zone)), ts)`);
}

it(`at any width, zone, origin and instant (seed ${seed})`, async () => {
  await database.query('select setseed($1)', [seed / 2 ** 31]);
  expect(
    await disagreements(`
      select (array['1 microsecond', '0.25 s', '7 s', '90 minutes', '5 hours', '1 day', '2 days', '36 hours', '7 days',
          '10 days 3 hours', '1 month', '2 months', '5 months', '1 year', '7 years', '14 months'])[1 + floor(random() * 16)]::interval,
        (array['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns', 'America/Havana', 'Pacific/Apia',
          'Africa/Casablanca', 'Australia/Lord_Howe', 'Asia/Beirut'])[1 + floor(random() * 9)],
        case when random() < 0.7 then timestamptz '2001-05-31 07:30Z' + (random() - 0.5) * interval '20 years' end,
        timestamptz '1900-01-01Z' + (random() - 0.5) * (array[interval '4000 years', interval '300 years'])[1 + floor(random() * 2)]
      from generate_series(1, 20000)`),
  ).toEqual([]);
});

it('around every change of clocks over midnight, in every zone that knows one', async () => {
  // An hour of local time that comes twice, on two days: found by looking at each day's midnight.
  expect(
    await disagreements(`
      select width, zone, null::timestamptz, midnight + shift
      from unnest(array['America/Havana', 'America/St_Johns', 'America/Sao_Paulo', 'America/Asuncion', 'America/Santiago',
        'Asia/Beirut', 'Asia/Amman', 'Asia/Gaza', 'Asia/Tehran', 'Africa/Cairo', 'Atlantic/Azores', 'America/Scoresbysund',
        'Pacific/Apia', 'Pacific/Kwajalein', 'America/Juneau', 'Asia/Manila', 'America/Toronto']) as zone,
        unnest('{1 day,7 days,1 month}'::interval[]) as width,
        generate_series(timestamp '1966-01-01', '2026-12-31', '1 day') as day,
        lateral (select day at time zone zone as midnight) as local,
        unnest('{-25:00,-1:00,-0:30,-0:00:01,0:00,0:29,0:59:59}'::interval[]) as shift
      where (day + interval '1 day') at time zone zone - midnight <> interval '24 hours'`),
  ).toEqual([]);
});
