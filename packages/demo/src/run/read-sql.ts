import { readFile } from 'node:fs/promises';

/** Reads an SQL file that lies beside the module that runs it: `readSql(import.meta.url, 'create-flights.sql')`. */
export async function readSql(moduleUrl: string, name: string): Promise<string> {
  return readFile(new URL(name, moduleUrl), 'utf8');
}
