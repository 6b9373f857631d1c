import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { databaseUrl, onServer } from '../../support/on-server.ts';
import { type Difference, runScript } from './run-script.ts';

const setup = readFileSync(join(import.meta.dirname, '../../../docs/reference/setup.sql'), 'utf8');

/**
 * Gives the test file what examples run in: `run` runs a script in a new database, where the reference's setup was run before, or
 * nothing, and returns where what it gave and what it tells part.
 */
export function useExampleDatabases(): {
  run(script: string, start?: 'setup' | 'nothing'): Promise<Difference[]>;
} {
  const serverUrl = inject('serverUrl');
  const nothing = inject('templateDatabase');
  const name = () => `${nothing}_${randomBytes(5).toString('hex')}`;
  const prepared = name();
  const create = (database: string, template: string) =>
    onServer(serverUrl, `create database ${database} template ${template}`);
  const drop = (database: string) =>
    onServer(serverUrl, `drop database if exists ${database} with (force)`);
  beforeAll(async () => {
    await create(prepared, nothing);
    expect(await runScript(databaseUrl(serverUrl, prepared), setup)).toEqual([]);
  });
  afterAll(() => drop(prepared));
  return {
    run: async (script, start = 'setup') => {
      const database = name();
      await create(database, start === 'setup' ? prepared : nothing);
      try {
        // The end of the setup once more: a bucket may have fallen due since, and examples count what they do themselves.
        const prelude = start === 'setup' ? 'call silver.run_rollups();\n' : '';
        return await runScript(databaseUrl(serverUrl, database), prelude + script);
      } finally {
        await drop(database);
      }
    },
  };
}
