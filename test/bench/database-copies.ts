import { type Connection, connect } from '@silver/demo';

/** Copies of one loaded database: every measurement begins from the same bytes, without leftovers of the one before. */
export interface DatabaseCopies {
  /** A fresh copy, warmed up: connection string and an open connection. Dropped with its scope. */
  take(): Promise<DatabaseCopy>;
}

export interface DatabaseCopy extends AsyncDisposable {
  readonly databaseUrl: string;
  readonly client: Connection['client'];
}

/** Makes copies of a database nobody is connected to. */
export function copiesOf(adminUrl: string, template: string, signal: AbortSignal): DatabaseCopies {
  let copies = 0;
  return {
    take: async () => {
      copies += 1;
      const name = `bench_${copies}`;
      await withAdmin(adminUrl, signal, `create database ${name} template ${template}`);
      const databaseUrl = urlOf(adminUrl, name);
      const connection = await connect(databaseUrl, signal);
      // Reads every row once, so that all variants find the same pages in memory; and leaves no dirty page to write.
      await connection.client.query('select sum(delay + distance) from public.flights');
      await connection.client.query('checkpoint');
      return {
        databaseUrl,
        client: connection.client,
        [Symbol.asyncDispose]: async () => {
          await connection[Symbol.asyncDispose]();
          if (!signal.aborted) {
            await withAdmin(adminUrl, signal, `drop database ${name} with (force)`);
          }
        },
      };
    },
  };
}

/** The same server, another database. */
export function urlOf(databaseUrl: string, database: string): string {
  const url = new URL(databaseUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs one statement that must not be in the database it is about. */
export async function withAdmin(
  adminUrl: string,
  signal: AbortSignal,
  text: string,
): Promise<void> {
  await using connection = await connect(adminUrl, signal);
  await connection.client.query(text);
}
