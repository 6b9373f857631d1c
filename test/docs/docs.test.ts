import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useDatabase } from '../support/use-database.ts';
import { settingsPage } from './settings-page.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const sqlBlocks = (path: string) =>
  [...read(path).matchAll(/^```sql\n([\s\S]*?)^```/gm)].map(([, sql]) => sql ?? '');

describe('the documents', () => {
  const database = useDatabase();

  it('docs/settings.md says what the code reads', () => {
    expect(read('docs/settings.md')).toBe(settingsPage());
  });

  it('every SQL block runs, in the order a reader meets them', async () => {
    await database.query(
      'create table public.readings (at timestamptz, device text, value double precision)',
    );
    const blocks = ['README.md', 'docs/late-data.md'].flatMap(sqlBlocks);
    expect(blocks.length).toBeGreaterThan(1);
    for (const block of blocks) {
      await database.query(block);
    }
  });
});
