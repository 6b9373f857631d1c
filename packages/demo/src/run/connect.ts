import { sessionUri } from '@silver/shared';
import { Client } from 'pg';

/** A connection that is closed with its scope, and at once, whatever it does, when the signal is aborted. */
export interface Connection extends AsyncDisposable {
  readonly client: Client;
}

/** Connects as an application would; instants are read and written in UTC. */
export async function connect(databaseUrl: string, signal: AbortSignal): Promise<Connection> {
  signal.throwIfAborted();
  const client = new Client({
    connectionString: sessionUri(databaseUrl, { applicationName: 'silver demo' }),
    connectionTimeoutMillis: 10_000,
  });
  // A lost connection fails the query that needs it; there is nothing to add here.
  client.on('error', () => undefined);
  await client.connect();
  const close = async () => {
    await client.end().catch(() => undefined); // in mid-query it cuts the connection, so the query fails
  };
  const closeNow = () => {
    close().catch(() => undefined);
  };
  signal.addEventListener('abort', closeNow, { once: true });
  return {
    client,
    [Symbol.asyncDispose]: async () => {
      signal.removeEventListener('abort', closeNow);
      await close();
    },
  };
}
