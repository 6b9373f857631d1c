import { randomBytes } from 'node:crypto';
import { createLogger, migrate } from '@silver/shared';
import type { TestProject } from 'vitest/node';
import { findServer } from './find-server.ts';
import { leftProcesses, markProcesses, startUnmarked } from './left-processes.ts';
import { databaseUrl, onServer } from './on-server.ts';
import { waitUntil } from './wait-until.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Connection string of the server's administrative database. */
    serverUrl: string;
    /** Name of the migrated database that every test database is a copy of; also the prefix of their names. */
    templateDatabase: string;
  }
}

/** Once a run: a server, and a migrated database to copy. Afterwards: both are gone, and so is whatever tests made of them. */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const server = await startUnmarked(() => findServer());
  const templateDatabase = `silver_test_${randomBytes(4).toString('hex')}`;
  await onServer(server.connectionString, `create database ${templateDatabase}`);
  await migrate({
    databaseUrl: databaseUrl(server.connectionString, templateDatabase),
    logger: createLogger({ logLevel: 'fatal' }, 'test'),
  });
  const mark = markProcesses(templateDatabase);
  project.provide('serverUrl', server.connectionString);
  project.provide('templateDatabase', templateDatabase);

  return async () => {
    const find = async () => [
      ...(await leftBehind(server.connectionString, templateDatabase)),
      ...leftProcesses(mark),
    ];
    // What was told to end may take a moment.
    const nothing = async () => (await find()).length === 0;
    await waitUntil('nothing is left', nothing, 5_000).catch(() => undefined);
    const left = await find();
    await onServer(
      server.connectionString,
      `drop database if exists ${templateDatabase} with (force)`,
    );
    await server.close();
    if (left.length > 0) {
      throw new Error(`the tests left behind: ${left.join('; ')}`);
    }
  };
}

/** Databases and sessions of this run that are still there. */
async function leftBehind(serverUrl: string, prefix: string): Promise<string[]> {
  const rows = await onServer<{ left: string }>(
    serverUrl,
    `select 'database ' || datname as left from pg_database where datname like $1 || '\\_%'
     union all
     select format('session %s of %s: %s', pid, application_name, query) from pg_stat_activity where datname like $1 || '%'`,
    [prefix],
  );
  return rows.map(({ left }) => left);
}
