import type { DatabaseCopy } from '../server/database-copies.ts';

type Client = Pick<DatabaseCopy, 'client'>;

/** A statement that programs sent, with how often and how long. */
export interface SentStatement {
  readonly text: string;
  readonly calls: number;
  readonly meanMs: number;
}

/** Counts what is sent to this database from now on, by connections that come after this. */
export async function countStatements({ client }: Client): Promise<void> {
  await client.query('create extension if not exists pg_stat_statements schema public');
  await client.query(
    `do $$ begin execute format('alter database %I set pg_stat_statements.track = top', current_database()); end $$`,
  );
}

/** Forgets what was sent to this database, and to no other. */
export async function forgetStatements({ client }: Client): Promise<void> {
  await client.query(
    'select public.pg_stat_statements_reset(0, oid, 0) from pg_database where datname = current_database()',
  );
}

/** What was sent since, the most frequent first. */
export async function sentStatements({ client }: Client): Promise<readonly SentStatement[]> {
  const { rows } = await client.query<SentStatement>(
    `select query as text, calls::float8 as calls, mean_exec_time as "meanMs" from public.pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database()) order by calls desc`,
  );
  return rows;
}
