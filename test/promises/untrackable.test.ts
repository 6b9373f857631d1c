import { beforeAll, describe, expect, it } from 'vitest';
import { settle } from '../support/drive.ts';
import { useDatabase } from '../support/use-database.ts';
import { createTrackedReadings, differences } from './tracked-readings.ts';

describe('sources whose changes nobody can track', () => {
  const database = useDatabase();

  beforeAll(async () => {
    await createTrackedReadings(database);
    await settle(database);
    await database.query(
      `create extension file_fdw; create server files foreign data wrapper file_fdw`,
    );
  });

  it.each([
    ['an unlogged table', 'create unlogged table app.bad (at timestamptz not null)', '55000'],
    [
      'an unlogged leaf',
      `create table app.bad (at timestamptz not null) partition by range (at);
      create unlogged table app.bad_leaf partition of app.bad default`,
      '55000',
    ],
    [
      'a foreign leaf',
      `create table app.bad (at timestamptz not null) partition by range (at);
      create foreign table app.bad_leaf partition of app.bad default server files options (filename '/dev/null', format 'csv')`,
      '42809',
    ],
    ['a view', 'create view app.bad as select at from app.readings', '42809'],
  ])('%s is refused, with what to do', async (_name, text, code) => {
    await database.query(`begin; ${text}`);
    await expect(
      database.query(`select silver.create_rollup_table('app.bad', 'app', 'bad_hourly', '1 hour')`),
    ).rejects.toMatchObject({ code, hint: expect.stringContaining('look_back') });
    await database.query('rollback');
  });

  it('a foreign leaf attached later stays computed from the source, is reported, and stops nothing else', async () => {
    await database.query(`create foreign table app.far partition of app.readings for values from ('2026-05-01Z') to ('2026-06-01Z')
      server files options (program 'printf "2026-05-02 10:00+00,f,7\\n"', format 'csv')`);
    expect(await differences(database)).toEqual([]);
    await database.query(`insert into app.readings values ('2026-01-30 05:10Z', 'late', 1)`);
    await settle(database);
    expect(await differences(database)).toEqual([]);
    expect(
      (await differences(database, '')).filter(
        ({ timestamp }) => (timestamp as Date) < new Date('2026-04-30Z'),
      ),
    ).toEqual([]);
    expect(
      await database.query(
        `select code from silver.validate_rollup_config() where code = 'foreign_member'`,
      ),
    ).toEqual([{ code: 'foreign_member' }]);
  });
});
