import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import { databaseUrl, onServer } from './on-server.ts';
import { openClient } from './open-client.ts';

/** A database for one test file. */
export interface TestDatabase {
  readonly url: string;
  readonly name: string;
  /** Runs a statement in the file's main connection. */
  query<Row extends pg.QueryResultRow = Record<string, unknown>>(
    text: string,
    values?: unknown[],
  ): Promise<Row[]>;
  /** Another connection; ended with the database. */
  connect(): Promise<pg.Client>;
  /** Ends all connections, so that it can be a template; the next query makes a new one. */
  close(): Promise<void>;
  /** Ends all connections and drops it. */
  drop(): Promise<void>;
}

export interface TestDatabaseOptions {
  /** False: an empty database instead of a copy of the migrated template. */
  readonly migrated?: boolean;
}

/** Gives the test file (or `describe`) a database of its own: made before its tests, dropped after them. */
export function useDatabase(options: TestDatabaseOptions = {}): TestDatabase {
  const database = describeDatabase(options);
  beforeAll(database.create);
  afterAll(database.drop);
  return database;
}

/** Makes a database at once; the caller drops it. */
export async function createTestDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const database = describeDatabase(options);
  await database.create();
  return database;
}

function describeDatabase({
  migrated = true,
}: TestDatabaseOptions): TestDatabase & { create(): Promise<void> } {
  const serverUrl = inject('serverUrl');
  const template = inject('templateDatabase');
  const name = `${template}_${randomBytes(5).toString('hex')}`;
  const url = databaseUrl(serverUrl, name);
  const clients: pg.Client[] = [];
  const connect = async () => {
    const client = await openClient(url);
    clients.push(client);
    return client;
  };
  let main: Promise<pg.Client> | undefined;
  const close = async () => {
    main = undefined;
    await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)));
  };
  return {
    url,
    name,
    connect,
    create: async () => {
      await onServer(
        serverUrl,
        `create database ${name}${migrated ? ` template ${template}` : ''}`,
      );
    },
    query: async (text, values) => {
      main ??= connect();
      return (await (await main).query(text, values)).rows;
    },
    close,
    drop: async () => {
      await close();
      await onServer(serverUrl, `drop database if exists ${name} with (force)`);
    },
  };
}
