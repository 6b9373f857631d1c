import { expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';

const database = useDatabase();

async function bucket(call: string): Promise<string> {
  const [row] = await database.query<{ bucket: string }>(
    `select (silver.time_bucket(${call}) at time zone 'UTC')::text as bucket`,
  );
  return row?.bucket ?? 'null';
}

it.each([
  ['microseconds', `'5 microseconds', '2026-11-23 10:00:00.000013Z'`, '2026-11-23 10:00:00.00001'],
  ['below a second', `'0.25 s', '2026-11-23 10:00:00.999Z'`, '2026-11-23 10:00:00.75'],
  ['seconds', `'30 s', '2026-11-23 10:00:59.999999Z'`, '2026-11-23 10:00:30'],
  ['minutes', `'15 minutes', '2026-11-23 10:44:59Z'`, '2026-11-23 10:30:00'],
  ['hours that do not divide a day', `'7 hours', '2000-01-03 08:00Z'`, '2000-01-03 07:00:00'],
  ['days', `'1 day', '2026-11-23 23:59:59.999999Z'`, '2026-11-23 00:00:00'],
  ['weeks, from Monday', `'1 week', '2026-11-29 23:59Z'`, '2026-11-23 00:00:00'],
  ['months', `'1 month', '2024-02-29 12:00Z'`, '2024-02-01 00:00:00'],
  ['quarters', `'3 months', '2026-11-23Z'`, '2026-10-01 00:00:00'],
  ['years', `'1 year', '2026-11-23Z'`, '2026-01-01 00:00:00'],
  ['decades', `'10 years', '2026-11-23Z'`, '2020-01-01 00:00:00'],
  ['an instant on a boundary', `'1 hour', '2026-11-23 10:00Z'`, '2026-11-23 10:00:00'],
  ['before the epoch', `'15 minutes', '1969-12-31 23:59:59Z'`, '1969-12-31 23:45:00'],
  ['weeks before the epoch', `'7 days', '1910-01-01Z'`, '1909-12-27 00:00:00'],
  ['months before Christ', `'5 months', '0001-02-01 BC'`, '0001-01-01 00:00:00 BC'],
  ['an origin', `'1 hour', '2026-11-23 10:10Z', 'UTC', '2020-01-01 00:15Z'`, '2026-11-23 09:15:00'],
  [
    'months from an origin',
    `'1 month', '2026-11-05Z', 'UTC', '2020-01-06 06:00Z'`,
    '2026-10-06 06:00:00',
  ],
])('%s', async (_name, call, start) => {
  expect(await bucket(call)).toBe(start);
});

it.each([
  [
    'the day of 23 hours begins at local midnight',
    `'1 day', '2026-03-29 20:00Z', 'Europe/Berlin'`,
    '2026-03-28 23:00:00',
  ],
  [
    'and the next one 23 hours later',
    `'1 day', '2026-03-29 22:00Z', 'Europe/Berlin'`,
    '2026-03-29 22:00:00',
  ],
  ['the day of 25 hours', `'1 day', '2026-10-25 22:59Z', 'Europe/Berlin'`, '2026-10-24 22:00:00'],
  [
    'a week with a change of clocks',
    `'1 week', '2026-10-25 22:59Z', 'Europe/Berlin'`,
    '2026-10-18 22:00:00',
  ],
  [
    'a month with a change of clocks',
    `'1 month', '2026-03-31 21:59Z', 'Europe/Berlin'`,
    '2026-02-28 23:00:00',
  ],
  [
    'hours begin where local hours do',
    `'1 hour', '2026-11-23 10:10Z', 'Asia/Kolkata'`,
    '2026-11-23 09:30:00',
  ],
  [
    'a midnight that does not exist',
    `'1 day', '2018-11-04 03:00Z', 'America/Sao_Paulo'`,
    '2018-11-04 03:00:00',
  ],
  [
    'the first of two midnights belongs to the day before',
    `'1 day', '2026-11-01 04:30Z', 'America/Havana'`,
    '2026-10-31 04:00:00',
  ],
  [
    'the second begins the day',
    `'1 day', '2026-11-01 05:00Z', 'America/Havana'`,
    '2026-11-01 05:00:00',
  ],
  [
    'clocks turned back over midnight',
    `'1 day', '2009-11-01 03:00Z', 'America/St_Johns'`,
    '2009-10-31 02:30:00',
  ],
  ['a day left out', `'1 day', '2011-12-30 10:00Z', 'Pacific/Apia'`, '2011-12-30 10:00:00'],
])('in a zone: %s', async (_name, call, start) => {
  expect(await bucket(call)).toBe(start);
});

it.each(['infinity', '-infinity'])('%s is returned as it is, at any width', async (instant) => {
  for (const width of ['0.1 s', '1 hour', '1 day', '1 month', '1 year']) {
    for (const zone of ['UTC', 'Europe/Berlin']) {
      expect(await bucket(`'${width}', '${instant}', '${zone}'`)).toBe(instant);
    }
  }
});

it('null gives null', async () => {
  expect(await bucket(`null, now()`)).toBe('null');
  expect(await bucket(`'1 hour', null`)).toBe('null');
});

it('the session can neither move a bucket nor change a width', async () => {
  const client = await database.connect();
  const answers = new Set<string>();
  for (const zone of ['UTC', 'Asia/Kathmandu', 'America/New_York']) {
    for (const style of ['postgres', 'sql_standard', 'iso_8601', 'postgres_verbose']) {
      await client.query(`set timezone = '${zone}'`);
      await client.query(`set intervalstyle = '${style}'`);
      await client.query(`set datestyle = 'SQL, DMY'`);
      const { rows } = await client.query(`
        select extract(epoch from silver.time_bucket(w, '2026-03-29 11:22:33.444555+00', z))::text as start
        from unnest('{0.1 s,15 minutes,1 day,7 days,1 month,3 months}'::interval[]) w, unnest('{UTC,Europe/Berlin}'::text[]) z`);
      answers.add(JSON.stringify(rows));
    }
  }
  expect(answers.size).toBe(1);
});

it.each([
  ['zero', `'0'`, '22023'],
  ['negative', `'-1 hour'`, '22023'],
  ['negative months', `'-1 month'`, '22023'],
  ['months mixed with days', `'1 month 3 days'`, '22023'],
  ['months mixed with negative days', `'1 month -3 days'`, '22023'],
])('refuses a width that is %s, with a remedy', async (_name, width, code) => {
  const attempt = bucket(`${width}, now()`);
  await expect(attempt).rejects.toMatchObject({ code, hint: expect.stringMatching(/\w/) });
});

it('refuses an unknown zone', async () => {
  await expect(bucket(`'1 day', now(), 'Europe/Atlantis'`)).rejects.toMatchObject({
    code: '22023',
  });
});
