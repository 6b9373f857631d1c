import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { parseScript } from '../docs/script/parse-script.ts';
import { formatRows } from './format-rows.ts';

const scripts = join(import.meta.dirname, 'scripts');

/** A script of statements with a title to print above it. */
export interface SpecScript {
  readonly name: string;
  readonly text: string;
}

/** The specification's usage examples as they stand there, what they take for granted before them, what it describes after them. */
export function specScripts(): readonly SpecScript[] {
  return readdirSync(scripts)
    .sort()
    .map((name) => ({ name, text: readFileSync(join(scripts, name), 'utf8') }));
}

/**
 * Runs every statement in one session, as psql would, and writes each with its result, in PostgreSQL's own text. One that
 * fails is written with its error, and the next one runs. Returns how many failed.
 */
export async function runSpec(
  databaseUrl: string,
  run: readonly SpecScript[],
  write: (text: string) => void,
): Promise<number> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'silver spec',
    types: { getTypeParser: () => (value: string | Buffer) => value.toString() },
  });
  client.on('notice', ({ severity, message }) => write(`${severity}: ${message}\n`));
  await client.connect();
  let failed = 0;
  try {
    for (const { name, text } of run) {
      write(`\n==== ${name}\n`);
      for (const { statement } of parseScript(text)) {
        write(`\n${statement}\n\n`);
        try {
          write(
            formatRows(
              await client.query<(string | null)[]>({ text: statement, rowMode: 'array' }),
            ),
          );
        } catch (error) {
          failed += 1;
          const { code, message } = error as pg.DatabaseError;
          write(`FAILED ${code}: ${message}\n`);
        }
      }
    }
  } finally {
    await client.end();
  }
  return failed;
}
