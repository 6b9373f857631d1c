import type { Client } from 'pg';
import { readSql } from '../run/read-sql.ts';
import type { Change } from './plan-change.ts';

/** What a change did to the source. */
export interface AppliedChange {
  readonly insertedRows: number;
  readonly deletedRows: number;
}

/** Applies a change as any application would: plain INSERT and DELETE, each a transaction, knowing nothing of Silver. */
export async function applyChange(client: Client, change: Change): Promise<AppliedChange> {
  const { delay, destination, distance, micros, origin } = change.late;
  const inserted = await client.query(await readSql(import.meta.url, 'insert-late-flights.sql'), [
    micros.map(String),
    delay,
    distance,
    origin,
    destination,
  ]);
  let deletedRows = 0;
  const deletion = await readSql(import.meta.url, 'delete-flights.sql');
  for (const { from, origin: airport, to } of change.deletions) {
    const deleted = await client.query(deletion, [airport, from, to]);
    deletedRows += deleted.rowCount ?? 0;
  }
  return { insertedRows: inserted.rowCount ?? 0, deletedRows };
}
