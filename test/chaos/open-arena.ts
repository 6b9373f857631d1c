import { type SupervisedProcess, startMember } from '@silver/demo';
import { createLogger, migrate, sessionUri } from '@silver/shared';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@silver/shared/embedded-postgres';
import pg from 'pg';

/** Where chaos takes place: a PostgreSQL of its own with Silver in it, and a fleet of processes. */
export interface Arena extends AsyncDisposable {
  readonly server: EmbeddedPostgres;
  readonly databaseUrl: string;
  readonly fleet: readonly SupervisedProcess[];
  /** Aborted when a process of the fleet does not stay up, whatever is tried. */
  readonly failed: AbortSignal;
}

export interface ArenaOptions {
  readonly workers: number;
  readonly schedulers: number;
  readonly signal: AbortSignal;
}

/** Room for prepared transactions, which by default PostgreSQL has none for. */
const serverSettings = { max_connections: '200', max_prepared_transactions: '60' };

/** They are killed again and again before they are up; that is no reason to give up. */
const maxFailedStarts = 40;

/** What is lost is found within a second, so that there is more to lose. */
const fleetVariables = { LOG_LEVEL: 'info', SILVER_HEAL_INTERVAL_MS: '1000' };

export async function openArena({ schedulers, signal, workers }: ArenaOptions): Promise<Arena> {
  await using opening = new AsyncDisposableStack();
  const server = opening.use(await startEmbeddedPostgres({ settings: serverSettings, signal }));
  const databaseUrl = server.connectionString;
  await migrate({ databaseUrl, logger: createLogger({ logLevel: 'silent' }, 'chaos') });
  const failed = new AbortController();
  const start = (role: 'scheduler' | 'worker') => (_: unknown, index: number) =>
    opening.use(
      startMember({
        databaseUrl,
        role,
        name: `${role} ${index + 1}`,
        variables: fleetVariables,
        maxFailedStarts,
        onNote: () => undefined,
        onGiveUp: (error) => failed.abort(error),
      }),
    );
  const fleet = [
    ...Array.from({ length: schedulers }, start('scheduler')),
    ...Array.from({ length: workers }, start('worker')),
  ];
  await Promise.all(fleet.map(({ ready }) => ready));
  signal.throwIfAborted();
  const resources = opening.move();
  return {
    server,
    databaseUrl,
    fleet,
    failed: failed.signal,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Does some work in a connection of its own, which no fault touches by intention. */
export async function withClient<T>(
  { databaseUrl }: Pick<Arena, 'databaseUrl'>,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const connectionString = sessionUri(databaseUrl, { applicationName: 'chaos' });
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined); // The statement under way fails, and says so.
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
