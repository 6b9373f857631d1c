import { findDatabaseError, SilverError, type SilverErrorCode } from '@silver/shared';

/** 1: it failed. 2: it was asked wrongly. 3: the database cannot be reached. 4: the database does not fit. */
const exitCodes: Readonly<Partial<Record<SilverErrorCode, number>>> = {
  ARGUMENT_INVALID: 2,
  CONFIG_INVALID: 2,
  DATABASE_UNREACHABLE: 3,
  QUEUE_MISSING: 4,
  SCHEMA_MISSING: 4,
  SCHEMA_NEWER: 4,
  SCHEMA_OUTDATED: 4,
};

/** The exit code by which a script can tell what kind of error it was. */
export function exitCodeOf(error: unknown): number {
  return error instanceof SilverError ? (exitCodes[error.code] ?? 1) : 1;
}

/** What went wrong and what to do about it, for a person or as one line of json. */
export function explainError(error: unknown, asJson: boolean): string {
  const database = findDatabaseError(error);
  const silver = error instanceof SilverError ? error : undefined;
  const message = error instanceof Error ? error.message : String(error);
  const remedy = silver?.remedy ?? database?.hint;
  if (asJson) {
    const code = silver?.code ?? database?.sqlState ?? 'UNKNOWN';
    return JSON.stringify({
      error: { code, message, remedy, details: silver?.details ?? database },
    });
  }
  const lines = [`silver: ${message}`, database?.detail, remedy];
  return lines.filter((line) => line !== undefined && line !== '').join('\n');
}
