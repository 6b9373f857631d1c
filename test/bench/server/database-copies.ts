import { type Connection, connect } from '@silver/demo';

/** A copy of a loaded database: every measurement begins from the same bytes, without leftovers of the one before. */
export interface DatabaseCopy extends AsyncDisposable {
  readonly databaseUrl: string;
  readonly client: Connection['client'];
}

export interface CopiesOptions {
  readonly adminUrl: string;
  /** A database nobody is connected to. */
  readonly template: string;
  /** Read once after each copy, so that all variants find the same pages in memory. */
  readonly table: string;
  readonly signal: AbortSignal;
}

/** Makes copies of a database: each a fresh one, warmed up, with an open connection; dropped with its scope. */
export function copiesOf({
  adminUrl,
  signal,
  table,
  template,
}: CopiesOptions): () => Promise<DatabaseCopy> {
  let copies = 0;
  return async () => {
    copies += 1;
    const name = `${template}_${copies}`;
    await withAdmin(
      adminUrl,
      signal,
      `create database ${name} template ${template} strategy file_copy`,
    );
    const databaseUrl = urlOf(adminUrl, name);
    const connection = await connect(databaseUrl, signal);
    await connection.client.query(`select count(*) from ${table}`);
    await connection.client.query('checkpoint'); // leaves no dirty page to write
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
