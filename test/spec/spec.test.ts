import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import { parseScript } from '../docs/script/parse-script.ts';
import { useDatabase } from '../support/use-database.ts';
import { runSpec, specScripts } from './run-spec.ts';

describe('npm run spec', () => {
  const database = useDatabase();

  it('runs every statement in a database of its own and prints it with its result', async () => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(import.meta.dirname, 'main.ts')],
      { env: { ...process.env, TEST_DATABASE_URL: inject('serverUrl') } },
    );
    for (const { text } of specScripts()) {
      for (const { statement } of parseScript(text)) {
        expect(stdout).toContain(statement);
      }
    }
    expect(stdout).not.toContain('FAILED');
    expect(stdout).toMatch(/\nspec: ok\n$/);
    expect(stdout).toContain('schema.target_table');
  });

  it('has the examples compute something', async () => {
    const written: string[] = [];
    expect(await runSpec(database.url, specScripts(), (text) => written.push(text))).toBe(0);
    const [made] = await database.query<{ rows: number; wrong: number }>(
      `select (select count(*)::int from schema.specific_table) as rows,
         (select count(*)::int from silver.verify_rollup('schema.specific_table')) as wrong`,
    );
    expect(made?.rows).toBeGreaterThan(100);
    expect(made?.wrong).toBe(0);
  });

  it('counts what fails, says why, and goes on', async () => {
    const written: string[] = [];
    const text = 'select 1 / 0;\nselect 42 as answer;\n';
    expect(
      await runSpec(database.url, [{ name: 'broken', text }], (part) => written.push(part)),
    ).toBe(1);
    expect(written.join('')).toContain('FAILED 22012: division by zero');
    expect(written.join('')).toContain('42');
  });
});
