/** Every way Silver itself can refuse or fail. SQL errors keep their SQLSTATE and appear as `cause`. */
export type SilverErrorCode =
  | 'ADDRESS_UNUSABLE'
  | 'ARGUMENT_INVALID'
  | 'ATTEMPT_ABORTED'
  | 'CLAIM_LOST'
  | 'CONFIG_INVALID'
  | 'DATABASE_UNREACHABLE'
  | 'JOB_NOT_ENQUEUED'
  | 'MIGRATION_CHANGED'
  | 'MIGRATION_FAILED'
  | 'POSTGRES_FAILED'
  | 'POSTGRES_MISSING'
  | 'QUEUE_MISSING'
  | 'ROW_UNEXPECTED'
  | 'SCHEMA_MISSING'
  | 'SCHEMA_NEWER'
  | 'SCHEMA_OUTDATED'
  | 'SQL_SOURCE_MISSING';

export interface SilverErrorOptions {
  /** The entities and values concerned, for logs and `--json`. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** What the reader can do about it, as one sentence. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/**
 * The one base class of errors thrown by Silver.
 * Its message names the entity and the value; its remedy says what to do. Expected outcomes of a chunk
 * (completed, superseded, deferred) are never errors: they are returned.
 */
export class SilverError extends Error {
  override readonly name = 'SilverError';
  readonly code: SilverErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly remedy: string | undefined;

  constructor(code: SilverErrorCode, message: string, options: SilverErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.remedy = options.remedy;
  }
}
