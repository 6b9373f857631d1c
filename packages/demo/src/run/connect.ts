import { sessionUri } from '@silver/shared';
import { Client } from 'pg';

/** A connection that is closed with its scope, and at once, whatever it does, when the signal is aborted. */
export interface Connection extends AsyncDisposable {
  readonly client: Client;
}

/** Connects as an application would; instants are read and written in UTC. `onLost` hears when the server goes away. */
export async function connect(
  databaseUrl: string,
  signal: AbortSignal,
  onLost: (error: Error) => void = () => undefined,
): Promise<Connection> {
  signal.throwIfAborted();
  const client = new Client({
    connectionString: sessionUri(databaseUrl, { applicationName: 'silver demo' }),
    connectionTimeoutMillis: 10_000,
  });
  let isClosing = false;
  // A lost connection also fails the query that is under way.
  client.on('error', () => undefined);
  client.on('end', () => {
    if (!isClosing) {
      onLost(new Error('the connection to PostgreSQL was lost'));
    }
  });
  await client.connect();
  const close = async () => {
    isClosing = true;
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
