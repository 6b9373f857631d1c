import { connect } from '@silver/demo';
import { createLogger, migrate } from '@silver/shared';
import { startEmbeddedPostgres } from '@silver/shared/embedded-postgres';
import type { Dataset } from '../data/dataset.ts';
import { describeMachine } from '../report/print-report.ts';
import { copiesOf, type DatabaseCopy, urlOf, withAdmin } from './database-copies.ts';

/**
 * How the server is set up, for all variants alike. Durable as in production (fsync on); no checkpoint falls into a
 * measurement, for each begins with one and lasts seconds.
 */
export const serverSettings: Readonly<Record<string, string>> = {
  checkpoint_timeout: '30min',
  fsync: 'on',
  full_page_writes: 'on',
  max_wal_size: '8GB',
  // Counts nothing but where a scenario turns it on for its database.
  'pg_stat_statements.track': 'none',
  shared_buffers: '512MB',
  shared_preload_libraries: 'pg_stat_statements',
};

/**
 * What Silver sets for a chunk's transaction, and so for every statement written by hand. The time zone is that of all
 * sessions here.
 */
export const sessionSettings: Readonly<Record<string, string>> = {
  jit: 'off',
  synchronous_commit: 'off',
  timezone: 'UTC',
  work_mem: '64MB',
};

export interface BenchServer extends AsyncDisposable {
  readonly version: string;
  /** The machine, the programs and what is set, for the tables. */
  readonly settings: Readonly<Record<string, string>>;
  copyOf(dataset: Dataset): Promise<DatabaseCopy>;
}

export interface BenchServerOptions {
  readonly rows: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Starts a PostgreSQL of its own. Each data set is loaded once, when it is first asked for, and copied from then on. */
export async function startBenchServer(options: BenchServerOptions): Promise<BenchServer> {
  const { signal } = options;
  await using resources = new AsyncDisposableStack();
  const server = resources.use(await startEmbeddedPostgres({ settings: serverSettings, signal }));
  const adminUrl = urlOf(server.connectionString, 'postgres');
  const loaded = new Map<string, Promise<() => Promise<DatabaseCopy>>>();
  const version = await versionOf(adminUrl, signal);
  const owned = resources.move();
  return {
    version,
    settings: { ...describeMachine(version), ...serverSettings },
    copyOf: async (dataset) => {
      // Scenarios may run side by side, and ask for the same.
      const take = loaded.get(dataset.name) ?? load(adminUrl, dataset, options);
      loaded.set(dataset.name, take);
      return (await take)();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Makes the database the copies are taken of: migrated, loaded, vacuumed and analyzed. */
async function load(
  adminUrl: string,
  dataset: Dataset,
  { rows, say, seed, signal }: BenchServerOptions,
): Promise<() => Promise<DatabaseCopy>> {
  const databaseUrl = urlOf(adminUrl, dataset.name);
  await withAdmin(adminUrl, signal, `create database ${dataset.name}`);
  await migrate({ databaseUrl, logger: createLogger({ logLevel: 'silent' }, 'bench') });
  await using connection = await connect(databaseUrl, signal);
  const startedAt = performance.now();
  await dataset.load({ client: connection.client, rows, seed, signal });
  // Frozen: whoever reads first would otherwise have to write hint bits.
  await connection.client.query('vacuum (freeze, analyze)');
  const seconds = (performance.now() - startedAt) / 1000;
  say(`loaded ${dataset.name} in ${seconds.toFixed(0)} s`);
  return copiesOf({ adminUrl, template: dataset.name, table: dataset.table, signal });
}

async function versionOf(databaseUrl: string, signal: AbortSignal): Promise<string> {
  await using connection = await connect(databaseUrl, signal);
  const { rows } = await connection.client.query<{ version: string }>('select version()');
  return rows[0]?.version ?? 'unknown';
}
