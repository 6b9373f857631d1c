import pg from 'pg';
import { parseScript, type ScriptStep } from './parse-script.ts';

/** Where what a statement gave and what the document says part. */
export interface Difference {
  readonly statement: string;
  readonly told: string;
  readonly gave: string;
}

/** Values as psql shows them. */
const asText = { getTypeParser: () => (value: string | Buffer) => value.toString() };

/** Runs the statements one by one, as psql does, in a session of its own at UTC, and compares what they give with what is told. */
export async function runScript(url: string, text: string): Promise<Difference[]> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'silver docs',
    types: asText,
  });
  await client.connect();
  const differences: Difference[] = [];
  try {
    await client.query("set timezone = 'UTC'");
    for (const step of parseScript(text)) {
      const gave = await runStep(client, step);
      const told = step.error ?? step.rows?.join('\n');
      if (!agrees(gave, step)) {
        differences.push({ statement: step.statement, told: told ?? 'no error', gave: gave.text });
      }
    }
  } finally {
    await client.end();
  }
  return differences;
}

interface Outcome {
  readonly failed: boolean;
  readonly text: string;
}

async function runStep(client: pg.Client, { statement }: ScriptStep): Promise<Outcome> {
  try {
    const { rows } = await client.query<(string | null)[]>({ text: statement, rowMode: 'array' });
    return { failed: false, text: rows.map((row) => row.join(' | ').trimEnd()).join('\n') };
  } catch (error) {
    const { code, message } = error as pg.DatabaseError;
    return { failed: true, text: `${code}: ${message}` };
  }
}

/** "…" in what is told stands for anything. */
function agrees({ failed, text }: Outcome, { error, rows }: ScriptStep): boolean {
  if (failed || error !== undefined) {
    return failed && error !== undefined && matches(text, error);
  }
  return rows === undefined || matches(text, rows.join('\n'));
}

function matches(text: string, told: string): boolean {
  const pattern = told.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pattern.join('[^\\n]*')}$`).test(text);
}
