import { describe, expect, it } from 'vitest';
import { runChunks, settle, tick } from '../support/drive.ts';
import { useDatabase } from '../support/use-database.ts';
import { createTrackedReadings, differencesText } from './tracked-readings.ts';

describe('a source that is renamed, and another table takes its name', () => {
  const database = useDatabase();
  const differencesFrom = (table: string, suffix: '' | '_live') =>
    database.query(differencesText(suffix).replaceAll('from app.readings', `from app.${table}`));

  it('the live views go on with the table, not with its name', async () => {
    await createTrackedReadings(database);
    await settle(database);
    await database.query(`insert into app.readings values ('2026-01-30 05:10Z', 'late', 1)`);
    await database.query(`alter table app.readings rename to original;
      create table app.readings (at timestamptz not null, device text, amount integer);
      insert into app.readings values ('2026-01-30 05:10Z', 'impostor', 1)`);
    expect(await differencesFrom('original', '_live')).toEqual([]);
    await database.query(
      `insert into app.original values ('2026-01-30 07:10Z', 'late', 1); insert into app.readings values ('2026-01-30 07:10Z', 'impostor', 1)`,
    );
    expect(await differencesFrom('original', '_live')).toEqual([]);
  });

  it('a chunk refuses to read the other table; synchronized, it reads its own', async () => {
    await tick(database);
    await expect(runChunks(database)).rejects.toMatchObject({
      code: '55000',
      hint: expect.stringContaining('sync_rollup'),
    });
    await database.query(
      `select silver.sync_rollup('app.hourly'); select silver.sync_rollup('app.daily')`,
    );
    await settle(database);
    expect(await differencesFrom('original', '')).toEqual([]);
    expect(await differencesFrom('original', '_live')).toEqual([]);
  });
});
