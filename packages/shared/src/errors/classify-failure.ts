import { findDatabaseError } from './find-database-error.ts';
import { SilverError } from './silver-error.ts';

/**
 * What a failure says.
 * - `transient`: the same work may succeed by itself later.
 * - `permanent`: somebody must change data, schema or code first; or nothing is known, and time may tell.
 * - `hopeless`: the same, and no further attempt can succeed before that.
 * - `smaller`: the same work in smaller chunks may succeed (time, memory, disk or lock slots ran out).
 * - `interrupted`: nothing was wrong with the work; it was in the way of a stop, a restart or a failover.
 */
export type FailureClass = 'hopeless' | 'interrupted' | 'permanent' | 'smaller' | 'transient';

/**
 * What becomes of a chunk that failed. `retry` is the rule and pg-boss's own: exponential backoff, then the dead letters.
 * The exceptions end the job and put in its place, in one transaction, nothing (`bury`), two chunks of half the size
 * (`halve`), or the same chunk with no attempt spent (`give-back`).
 */
export type Remedy = 'bury' | 'give-back' | 'halve' | 'retry';

const remedies: Readonly<Record<FailureClass, Remedy>> = {
  hopeless: 'bury',
  interrupted: 'give-back',
  permanent: 'retry',
  smaller: 'halve',
  transient: 'retry',
};

/** The only place where a SQLSTATE is interpreted: whole code first, then its class (first two characters). */
const failureClassBySqlState: ReadonlyMap<string, FailureClass> = new Map([
  ['57014', 'smaller'], // query_canceled: statement_timeout
  ['53100', 'smaller'], // disk_full
  ['53200', 'smaller'], // out_of_memory; also "too many locks" (out of shared memory)
  ['53000', 'smaller'], // insufficient_resources
  ['53400', 'smaller'], // configuration_limit_exceeded: temp_file_limit
  ['54', 'smaller'], // program_limit_exceeded
  ['57P01', 'interrupted'], // admin_shutdown, or somebody ended the backend
  ['57P02', 'interrupted'], // crash_shutdown: another backend crashed; its own crash is a lost connection
  ['57P03', 'interrupted'], // cannot_connect_now: starting up or shutting down
  ['25006', 'interrupted'], // read_only_sql_transaction: this server is a standby now
  ['53300', 'interrupted'], // too_many_connections
  ['08', 'transient'], // connection exception: it may have been this very work that crashed the backend
  ['25P03', 'transient'], // idle_in_transaction_session_timeout
  ['25P04', 'transient'], // transaction_timeout
  ['40', 'transient'], // serialization failure, deadlock
  ['55P03', 'transient'], // lock_not_available
  ['55006', 'transient'], // object_in_use
  ['57', 'transient'], // operator intervention
  ['58', 'transient'], // system error (I/O)
  ['0A', 'hopeless'], // feature_not_supported
  ['42', 'hopeless'], // syntax error or access rule: a table, column or right is not there
  ['22023', 'hopeless'], // invalid_parameter_value: the chunk is not whole buckets
  ['55000', 'hopeless'], // object_not_in_prerequisite_state: the source changed shape
  ['XX001', 'hopeless'], // data_corrupted
  ['XX002', 'hopeless'], // index_corrupted
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

/** What is to be done about a failure. */
export function remedyFor(failureClass: FailureClass): Remedy {
  return remedies[failureClass];
}

/** Says what kind of failure it was; anything unknown needs a person. */
export function classifyFailure(error: unknown): FailureClass {
  // The cause of both is a cancelled statement, but nothing was wrong with its size.
  if (error instanceof SilverError && error.code === 'ATTEMPT_ABORTED') {
    return 'interrupted';
  }
  if (error instanceof SilverError && error.code === 'CLAIM_LOST') {
    return 'transient';
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
    /connection terminated|connection timeout|backend has been terminated|terminating connection|server login has been failing|server conn crashed/i.test(
      error.message,
    ) ||
    isConnectionLoss(error.cause)
  );
}
