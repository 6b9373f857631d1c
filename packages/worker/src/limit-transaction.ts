import { type Config, type Executor, SilverError } from '@silver/shared';
import { z } from 'zod';
import type { Claim } from './claim-chunk.ts';

/** How often PostgreSQL looks whether the worker still lives while a statement runs. */
const connectionCheckMs = 2_000;
/** Longest pause between two statements of a chunk; the handler has nothing to think about in between. */
const idleInTransactionMs = 60_000;

const backend = z.array(z.object({ pid: z.int() })).length(1);

/**
 * Sets what holds for a chunk's transaction alone, and returns its backend's pid.
 *
 * Aborting a job does not stop its statement, so PostgreSQL is told to: after the chunk timeout, after a wait for a
 * lock, and when the connection has gone. JIT costs more than it saves in chunks of a second. A chunk is atomic, so an
 * asynchronous commit that a crash of the server takes back is a chunk not done yet, no more. Who looks at
 * pg_stat_activity reads in the application's name which chunk it is.
 */
export async function limitTransaction(
  executor: Executor,
  config: Pick<Config, 'chunkTimeoutMs' | 'lockTimeoutMs'>,
  { chunkId, target }: Pick<Claim, 'chunkId' | 'target'>,
): Promise<number> {
  const settings: Readonly<Record<string, string>> = {
    application_name: `silver worker chunk ${chunkId} of ${target}`,
    statement_timeout: String(config.chunkTimeoutMs),
    lock_timeout: String(config.lockTimeoutMs),
    idle_in_transaction_session_timeout: String(idleInTransactionMs),
    client_connection_check_interval: String(connectionCheckMs),
    jit: 'off',
    synchronous_commit: 'off',
  };
  const calls = Object.keys(settings).map(
    (name, index) => `set_config('${name}', $${index + 1}, true)`,
  );
  const text = `select ${calls.join(', ')}, pg_backend_pid() as pid`;
  const rows = backend.safeParse(await executor.rows(text, Object.values(settings)));
  const pid = rows.data?.[0]?.pid;
  if (pid === undefined) {
    throw new SilverError('ROW_UNEXPECTED', `${text} returned no pid.`, { cause: rows.error });
  }
  return pid;
}
