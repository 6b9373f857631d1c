import { pause, sessionUri } from '@silver/shared';
import pg from 'pg';

/** A connection that comes back: PostgreSQL is restarted and backends are terminated all the time. */
export interface Reconnecting extends AsyncDisposable {
  /**
   * Does some work. What fails is told to the caller, with the transaction rolled back, or with the connection ended,
   * so that the next use gets a new one. Throws the signal's reason when it was aborted before there was a connection.
   */
  use<T>(work: (client: pg.Client) => Promise<T>): Promise<T>;
}

const reconnectDelayMs = 100;

/** `name` is shown in pg_stat_activity after "chaos ". No wait for a lock is longer than three seconds: prepared transactions keep theirs. */
export function reconnecting(databaseUrl: string, name: string, signal: AbortSignal): Reconnecting {
  const connectionString = sessionUri(databaseUrl, {
    applicationName: `chaos ${name}`,
    settings: { lock_timeout: '3000' },
  });
  let client: pg.Client | undefined;
  const end = async () => {
    const ended = client;
    client = undefined;
    await ended?.end().catch(() => undefined);
  };
  const open = async (): Promise<pg.Client> => {
    for (;;) {
      signal.throwIfAborted();
      const opened = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
      opened.on('error', () => undefined); // The next statement fails, and says so.
      try {
        await opened.connect();
        return opened;
      } catch {
        await opened.end().catch(() => undefined);
        await pause(reconnectDelayMs, signal);
      }
    }
  };
  return {
    use: async (work) => {
      client ??= await open();
      try {
        return await work(client);
      } catch (error) {
        const alive = await client.query('rollback').then(
          () => true,
          () => false,
        );
        if (!alive) {
          await end();
        }
        throw error;
      }
    },
    [Symbol.asyncDispose]: end,
  };
}
