import { findDatabaseError } from './find-database-error.ts';
import { SilverError } from './silver-error.ts';

/**
 * What a failure asks for.
 * - `transient`: the same work may succeed by itself later.
 * - `smaller`: the same work in smaller chunks may succeed (time, memory, disk or lock slots ran out).
 * - `permanent`: somebody must change data, schema or code first.
 */
export type FailureClass = 'permanent' | 'smaller' | 'transient';

/** The only place where a SQLSTATE is interpreted: whole code first, then its class (first two characters). */
const failureClassBySqlState: ReadonlyMap<string, FailureClass> = new Map([
  ['57014', 'smaller'], // query_canceled: statement_timeout, or an abort at shutdown
  ['53100', 'smaller'], // disk_full
  ['53200', 'smaller'], // out_of_memory; also "too many locks" (out of shared memory)
  ['53000', 'smaller'], // insufficient_resources
  ['53400', 'smaller'], // configuration_limit_exceeded: temp_file_limit
  ['54', 'smaller'], // program_limit_exceeded
  ['08', 'transient'], // connection exception
  ['25P03', 'transient'], // idle_in_transaction_session_timeout
  ['25P04', 'transient'], // transaction_timeout
  ['40', 'transient'], // serialization failure, deadlock
  ['53300', 'transient'], // too_many_connections
  ['55P03', 'transient'], // lock_not_available
  ['55006', 'transient'], // object_in_use
  ['57', 'transient'], // operator intervention: shutdown, crash, starting up
  ['58', 'transient'], // system error (I/O)
]);

/** Node's names for a connection that could not be made or was cut. */
const connectionErrorCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Says what kind of remedy a failure needs; anything unknown needs a person. */
export function classifyFailure(error: unknown): FailureClass {
  if (error instanceof SilverError && error.code === 'ATTEMPT_ABORTED') {
    return 'transient'; // Its cause is a cancelled statement, but nothing was wrong with its size.
  }
  const sqlState = findDatabaseError(error)?.sqlState;
  if (sqlState !== undefined) {
    return (
      failureClassBySqlState.get(sqlState) ??
      failureClassBySqlState.get(sqlState.slice(0, 2)) ??
      'permanent'
    );
  }
  return isConnectionLoss(error) ? 'transient' : 'permanent';
}

/** Whether the error means that the server could not be reached or went away. */
export function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) {
    return false;
  }
  if (error instanceof AggregateError) {
    return error.errors.some(isConnectionLoss);
  }
  const code = 'code' in error ? error.code : undefined;
  return (
    (typeof code === 'string' && connectionErrorCodes.has(code)) ||
    /connection terminated|connection timeout|backend has been terminated|terminating connection/i.test(
      error.message,
    ) ||
    isConnectionLoss(error.cause)
  );
}
