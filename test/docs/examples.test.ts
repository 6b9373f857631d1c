import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useDatabase } from '../support/use-database.ts';
import { readCatalog } from './reference/read-catalog.ts';
import { collect, namesWithExample } from './reference/reference-pages.ts';
import { useExampleDatabases } from './script/example-database.ts';

const folder = join(import.meta.dirname, '../../docs/reference/examples');
const examples = globSync('*.sql', { cwd: folder }).toSorted();

describe('the examples of the reference', () => {
  const database = useDatabase();
  const databases = useExampleDatabases();

  it('every function, view and table for users has one', async () => {
    const names = namesWithExample(collect(await readCatalog((text) => database.query(text))));
    expect(names.filter((name) => !existsSync(join(folder, `${name}.sql`)))).toEqual([]);
    expect(examples.filter((file) => !names.includes(basename(file, '.sql')))).toEqual([]);
  });

  it.for(examples)('%s gives what it says', async (file) => {
    expect(await databases.run(readFileSync(join(folder, file), 'utf8'))).toEqual([]);
  });
});
