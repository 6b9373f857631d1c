import { describe, expect, it } from 'vitest';
import { settle } from '../../support/drive.ts';
import { useSyncedReadings } from './use-synced-readings.ts';

const { database, late, refused, rows, said, sync, wrong } = useSyncedReadings();

describe.each([
  ['dropped', `alter table app.readings drop column value`, 'source_column_missing'],
  ['renamed', `alter table app.readings rename column value to amount`, 'source_column_missing'],
  ['retyped', `alter table app.readings alter column value type bigint`, 'column_narrowed'],
  [
    'swapped with another',
    `alter table app.readings rename column word to w; alter table app.readings add column other text; alter table app.readings rename column other to word`,
    'source_changed',
  ],
])('a column that was %s', (_name, statement, code) => {
  it('is detected before a chunk writes, and by the monitor and validate, which names sync_rollup', async () => {
    const before = await rows();
    expect(await said()).toEqual([null, null]);
    await database.query(statement);
    await late();
    await refused();
    expect(await rows()).toEqual(before);
    // Of the daily one too: it counts the words of the source itself.
    const failing =
      /^a column it reads was dropped, renamed or retyped, or a table was renamed: its chunks fail until silver\.sync_rollup/;
    expect(await said()).toEqual([expect.stringMatching(failing), expect.stringMatching(failing)]);
    expect(
      await database.query(
        `select distinct code, remedy from silver.validate_rollup_config() where target_table = 'app.hourly' and code = $1`,
        [code],
      ),
    ).toEqual([{ code, remedy: "SELECT * FROM silver.sync_rollup('app.hourly');" }]);
    // The attempt that failed is tried again.
    await sync();
    await settle(database);
    expect(await said()).toEqual([null, null]);
    expect(await wrong()).toEqual([]);
    expect(
      await database.query(
        `select * from silver.validate_rollup_config() where severity = 'error'`,
      ),
    ).toEqual([]);
  });
});
