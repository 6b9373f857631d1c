import pg from 'pg';

/** Connects to a test database. The caller ends the connection. */
export async function openClient(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, application_name: 'silver test' });
  client.on('error', () => undefined); // Tests end backends on purpose.
  await client.connect();
  return client;
}
