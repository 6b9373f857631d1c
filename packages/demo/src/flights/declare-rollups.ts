import type { Client } from 'pg';
import { readSql } from '../run/read-sql.ts';

/** Declares the demonstration's three rollups; see `declare-rollups.sql`, which is what a user would write. */
export async function declareRollups(client: Client): Promise<void> {
  await client.query(await readSql(import.meta.url, 'declare-rollups.sql'));
}
