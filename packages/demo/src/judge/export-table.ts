import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';

/** Writes a table or a view into a CSV file with a header. */
export async function exportTable(
  client: Client,
  table: string,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  const rows = client.query(copyTo(`copy (table ${table}) to stdout (format csv, header)`));
  await pipeline(rows, createWriteStream(file), { signal });
}
