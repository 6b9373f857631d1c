import { createPool, type DatabasePool } from 'slonik';
import { isConnectionLoss } from '../errors/classify-failure.ts';
import { findDatabaseError } from '../errors/find-database-error.ts';
import { SilverError } from '../errors/silver-error.ts';
import type { Logger } from '../telemetry/logger.ts';
import { isThroughPooler, sessionUri } from './session-uri.ts';
import { tlsOptions, tlsParameters } from './tls-options.ts';
import { typeParsers } from './type-parsers.ts';

export interface PoolOptions {
  readonly databaseUrl: string;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  readonly size: number;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  /** Further settings of its sessions. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly logger: Logger;
}

/**
 * Opens the pool for Silver's own calls: READ COMMITTED, UTC, microseconds kept, every wait bounded.
 * Throws DATABASE_UNREACHABLE when the server cannot be reached at the start; later losses fail single calls only.
 */
export async function openPool(options: PoolOptions): Promise<DatabasePool> {
  const uri = new URL(
    sessionUri(options.databaseUrl, {
      applicationName: options.applicationName,
      settings: { ...options.settings, lock_timeout: String(options.lockTimeoutMs) },
    }),
  );
  const ssl = tlsOptions(options.databaseUrl);
  for (const parameter of tlsParameters) {
    uri.searchParams.delete(parameter);
  }
  const pooled = isThroughPooler(options.databaseUrl);
  try {
    const pool = await createPool(uri.href, {
      ...(ssl !== undefined && { ssl }),
      connectionTimeout: 10_000,
      // Start-up parameters, which a transaction-mode pooler refuses.
      idleInTransactionSessionTimeout: pooled ? 'DISABLE_TIMEOUT' : 60_000,
      idleTimeout: 60_000,
      maxPoolSize: options.size,
      queryRetryLimit: 2,
      // Nothing of ours outlives a transaction, so there is nothing to reset: a round trip less after each call.
      // DISCARD ALL, slonik's own way, would also throw away the plans of every function.
      resetConnection: async () => undefined,
      statementTimeout: pooled ? 'DISABLE_TIMEOUT' : options.statementTimeoutMs,
      transactionRetryLimit: 2,
      typeParsers,
    });
    pool.on('error', (error) => options.logger.debug({ err: error }, 'idle connection lost'));
    return pool;
  } catch (error) {
    throw explainConnectionFailure(error, options.databaseUrl);
  }
}

/** Turns a failed first connection into an error that names the server, never the password. */
export function explainConnectionFailure(error: unknown, databaseUrl: string): unknown {
  const refused =
    findDatabaseError(error)?.message ?? (error instanceof Error ? error.message : '');
  if (/unsupported startup parameter/.test(refused)) {
    const message = `A pooler stands before PostgreSQL at ${new URL(databaseUrl).host} and refuses settings of a session.`;
    return new SilverError('DATABASE_UNREACHABLE', message, {
      cause: error,
      remedy: 'Add pooler=transaction to the parameters of DATABASE_URL.',
    });
  }
  if (!isConnectionLoss(error)) {
    return error;
  }
  const { host, pathname } = new URL(databaseUrl);
  return new SilverError(
    'DATABASE_UNREACHABLE',
    `PostgreSQL at ${host}${pathname} cannot be reached.`,
    {
      cause: error,
      remedy:
        'Check DATABASE_URL, that the server runs, and that it accepts connections from here.',
    },
  );
}
