import { beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useDatabase } from '../../support/use-database.ts';

describe('first_last', () => {
  const database = useDatabase();

  beforeAll(async () => {
    await database.query(`create schema app;
      create table app.prices (at timestamptz not null, symbol text, price numeric, venue text, note jsonb, other integer);
      insert into app.prices values
        ('2026-01-01 00:10Z', 's', 10, 'x', '1', 1), ('2026-01-01 00:00Z', 's', null, null, null, 1),
        ('2026-01-01 00:50Z', 's', 12, 'z', '3', 1), ('2026-01-01 00:50Z', 's', 11, 'y', '2', 1), ('2026-01-01 00:55Z', 's', null, null, null, 1),
        ('2026-01-01 03:00Z', 's', 7, 'w', '7', 1), ('2026-01-01 02:00Z', 'empty', null, null, null, 1);
      select silver.create_rollup_table('app.prices', 'app', 'hourly', '1 hour', dimensions => '{symbol}', first_last => '{price,venue,note}', start_from => '2026-01-01Z');
      select silver.create_rollup_table('app.hourly', 'app', 'daily', '1 day', start_from => '2026-01-01Z');
      select silver.create_rollup_table('app.hourly', 'app', 'weekly', '1 week', first_last => '{price}', start_from => '2026-01-01Z')`);
    await settle(database);
  });

  const expected = (last: string, venue: string, at: string) => [
    {
      first_price: '10',
      first_time_price: '2026-01-01 00:10:00+00',
      last_price: last,
      last_time_price: at,
      first_venue: 'x',
      last_venue: venue,
    },
  ];
  const read = async (relation: string) => {
    await database.query(`set timezone = 'UTC'`);
    return database.query(
      `select first_price, first_time_price::text, last_price, last_time_price::text, first_venue, last_venue from ${relation}`,
    );
  };

  it('keeps the first and last value that is not null, with their times; of several at one time the least and the greatest', async () => {
    for (const live of ['', '_live']) {
      expect(await read(`app.hourly${live} where timestamp = '2026-01-01Z'`)).toEqual(
        expected('12', 'z', '2026-01-01 00:50:00+00'),
      );
    }
  });

  it('composes up a hierarchy', async () => {
    for (const live of ['', '_live']) {
      expect(await read(`app.daily${live} where symbol = 's'`)).toEqual(
        expected('7', 'w', '2026-01-01 03:00:00+00'),
      );
    }
  });

  it('agrees with the aggregates of that name', async () => {
    expect(
      await database.query(`select h.symbol from app.hourly h
        join (select silver.time_bucket('1 hour', at) as b, symbol, silver.first_value(price, at) as f, silver.last_value(price, at) as l,
          silver.first_value(note, at) as fn, silver.last_value(note, at) as ln from app.prices group by 1, 2) as a on a.b = h.timestamp and a.symbol = h.symbol
        where (h.first_price, h.last_price, h.first_note, h.last_note) is distinct from (a.f, a.l, a.fn, a.ln)`),
    ).toEqual([]);
  });

  it('is null where no value is', async () => {
    expect(
      await database.query(
        `select num_nulls(first_price, first_time_price, last_price, last_time_price) as nulls from app.hourly where symbol = 'empty'`,
      ),
    ).toEqual([{ nulls: 4 }]);
  });

  it('is asked for column by column, and of a parent only what it keeps', async () => {
    const columns = (target: string) =>
      database.query<{ name: string }>(
        `select attname as name from pg_attribute where attrelid = '${target}'::regclass and attname like 'first\\_%' order by attnum`,
      );
    expect((await columns('app.hourly')).map(({ name }) => name)).not.toContain('first_other');
    expect((await columns('app.weekly')).map(({ name }) => name)).toEqual([
      'first_price',
      'first_time_price',
    ]);
    await expect(
      database.query(
        `select silver.create_rollup_table('app.hourly', 'app', 'x', '1 day', first_last => '{other}')`,
      ),
    ).rejects.toMatchObject({
      code: '22023',
      message: expect.stringContaining(
        'first_last: app.hourly keeps no first and last value of other',
      ),
    });
  });
});
