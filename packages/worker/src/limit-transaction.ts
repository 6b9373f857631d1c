import { type Config, type Executor, expiryMarginSeconds, SilverError } from '@silver/shared';
import { z } from 'zod';
import type { Claim } from './claim-chunk.ts';

/** How often PostgreSQL looks whether the worker still lives while a statement runs. */
const connectionCheckMs = 2_000;
/**
 * Longest pause between two statements of a chunk; the handler has nothing to think about in between. A worker whose network
 * is gone as it commits holds the rows of its rollup that others need for as long.
 */
const idleInTransactionMs = 10_000;

const backend = z.array(z.object({ pid: z.int() })).length(1);

/**
 * Sets what holds for a chunk's transaction alone, and returns its backend's pid.
 *
 * Aborting a job does not stop its statement, so PostgreSQL is told to: after the rollup's chunk timeout, capped by this
 * worker's and by what the job was planned with, so that pg-boss never gives a chunk away that still runs; after a
 * wait for a lock, and when the connection has gone. JIT costs more than it saves in chunks of a second. A chunk is
 * atomic, so an asynchronous commit that a crash of the server takes back is a chunk not done yet, no more. Who
 * looks at pg_stat_activity reads in the application's name which chunk it is.
 */
export async function limitTransaction(
  executor: Executor,
  { chunkId, expireInSeconds, target }: Pick<Claim, 'chunkId' | 'expireInSeconds' | 'target'>,
  config: Pick<Config, 'chunkTimeoutMs' | 'lockTimeoutMs'>,
): Promise<number> {
  const plannedMs = Math.max(1, expireInSeconds - expiryMarginSeconds) * 1000;
  const settings: Readonly<Record<string, string>> = {
    application_name: `silver worker chunk ${chunkId} of ${target}`,
    lock_timeout: String(config.lockTimeoutMs),
    idle_in_transaction_session_timeout: String(idleInTransactionMs),
    client_connection_check_interval: String(connectionCheckMs),
    jit: 'off',
    synchronous_commit: 'off',
  };
  const calls = Object.keys(settings).map(
    (name, index) => `set_config('${name}', $${index + 3}, true)`,
  );
  const timeout = `set_config('statement_timeout', silver.chunk_timeout_ms($1::bigint, $2)::text, true)`;
  const text = `select ${[timeout, ...calls].join(', ')}, pg_backend_pid() as pid`;
  const values = [chunkId, Math.min(config.chunkTimeoutMs, plannedMs), ...Object.values(settings)];
  const rows = backend.safeParse(await executor.rows(text, values));
  const pid = rows.data?.[0]?.pid;
  if (pid === undefined) {
    throw new SilverError('ROW_UNEXPECTED', `${text} returned no pid.`, { cause: rows.error });
  }
  return pid;
}
