import { type DatabasePool, sql } from 'slonik';
import { z } from 'zod';
import { checkSchema } from '../database/check-schema.ts';
import { pause } from './pause.ts';

/** What is wrong, in words; undefined: nothing. */
export type Problem = string | undefined;

/** What a running program says of itself. */
export interface Health {
  /** Whether its loop goes on. Asks nobody, so it tells nothing of the database. */
  readonly loop: () => Problem;
  /** Whether the database answers, and what else it takes to do the work. Never throws. */
  readonly checks: () => Promise<Readonly<Record<string, Problem>>>;
}

/** A database that takes longer to answer a probe is as good as gone. */
const longestAnswerMs = 3_000;

/** Whether the database answers, and whether its schema fits this program. */
export async function checkDatabase(
  pool: DatabasePool,
): Promise<Readonly<Record<'database' | 'schema', Problem>>> {
  const database = await problemOf(pool.query(sql.type(z.unknown())`select 1`));
  return {
    database,
    schema: database === undefined ? await problemOf(checkSchema(pool)) : 'not known',
  };
}

async function problemOf(asked: Promise<unknown>): Promise<Problem> {
  const answered = new AbortController();
  const late = pause(longestAnswerMs, answered.signal).then(
    () => `no answer in ${longestAnswerMs} ms`,
  );
  const answer = asked.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const problem = await Promise.race([answer, late]);
  answered.abort();
  return problem;
}
