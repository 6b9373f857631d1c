import { createLogger, migrate } from '@silver/shared';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@silver/shared/embedded-postgres';
import pg from 'pg';
import { databaseUrl, onServer } from './on-server.ts';

/** A database of a server of its own: the main connection is opened anew after a restart. */
export interface OwnDatabase {
  readonly url: string;
  query<Row extends pg.QueryResultRow = Record<string, unknown>>(
    text: string,
    values?: unknown[],
  ): Promise<Row[]>;
  connect(): Promise<pg.Client>;
}

/** A PostgreSQL for one test: to be restarted, with settings of its own, or with replicas. */
export interface OwnServer {
  readonly postgres: EmbeddedPostgres;
  /** Makes a database with Silver's schema in it. */
  createDatabase(name: string): Promise<OwnDatabase>;
  /** A database that is there already. */
  openDatabase(name: string): OwnDatabase;
  /** Ends it and all connections to it. */
  close(): Promise<void>;
}

/** Starts one; the test closes it. */
export async function startOwnServer(
  settings: Readonly<Record<string, string>> = {},
): Promise<OwnServer> {
  const postgres = await startEmbeddedPostgres({ settings });
  const clients: pg.Client[] = [];
  const openDatabase = (name: string): OwnDatabase => {
    const url = databaseUrl(postgres.connectionString, name);
    let main: pg.Client | undefined;
    const connect = async () => {
      const client = new pg.Client({ connectionString: url, application_name: 'silver test' });
      client.on('error', () => undefined); // Servers are stopped on purpose.
      await client.connect();
      clients.push(client);
      return client;
    };
    return {
      url,
      connect,
      query: async (text, values) => {
        if (main === undefined) {
          const client = await connect();
          main = client;
          client.on('end', () => {
            main = main === client ? undefined : main;
          });
        }
        return (await main.query(text, values)).rows;
      },
    };
  };
  return {
    postgres,
    openDatabase,
    createDatabase: async (name) => {
      await onServer(postgres.connectionString, `create database ${name}`);
      const database = openDatabase(name);
      await migrate({
        databaseUrl: database.url,
        logger: createLogger({ logLevel: 'fatal' }, 'test'),
      });
      return database;
    },
    close: async () => {
      await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
      await postgres.close();
    },
  };
}
