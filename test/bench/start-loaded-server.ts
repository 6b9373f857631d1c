import { connect, loadFlights } from '@silver/demo';
import { createLogger, migrate } from '@silver/shared';
import { startEmbeddedPostgres } from '@silver/shared/embedded-postgres';
import { copiesOf, type DatabaseCopies, urlOf, withAdmin } from './database-copies.ts';

/**
 * How the server is set up, for all variants alike. Durable as in production (fsync on); no checkpoint falls into a
 * measurement, for each begins with one and lasts seconds.
 */
export const serverSettings: Readonly<Record<string, string>> = {
  checkpoint_timeout: '30min',
  fsync: 'on',
  full_page_writes: 'on',
  max_wal_size: '8GB',
  shared_buffers: '512MB',
};

export interface LoadedServer extends AsyncDisposable {
  readonly version: string;
  readonly copies: DatabaseCopies;
}

const template = 'flights';

/** Starts a PostgreSQL of its own with one database: migrated, the flights loaded, vacuumed and analyzed. */
export async function startLoadedServer(
  rows: number,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<LoadedServer> {
  await using resources = new AsyncDisposableStack();
  const server = resources.use(await startEmbeddedPostgres({ settings: serverSettings, signal }));
  const adminUrl = urlOf(server.connectionString, 'postgres');
  const databaseUrl = urlOf(adminUrl, template);
  await withAdmin(adminUrl, signal, `create database ${template}`);
  await migrate({ databaseUrl, logger: createLogger({ logLevel: 'silent' }, 'bench') });
  await using connection = await connect(databaseUrl, signal);
  const { client } = connection;
  say(`loading ${rows} flights`);
  await loadFlights({ client, rows, signal, onProgress: () => undefined });
  // Frozen: whoever reads first would otherwise have to write hint bits.
  await client.query('vacuum (freeze, analyze) public.flights');
  const version = await client.query<{ version: string }>('select version()');
  const owned = resources.move();
  return {
    version: version.rows[0]?.version ?? 'unknown',
    copies: copiesOf(adminUrl, template, signal),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
