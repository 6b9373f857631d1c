import { findDatabaseError, SilverError, type SilverErrorCode } from '@silver/shared';
import { exitCodes } from './exit-codes.ts';

const codesByError: Readonly<Partial<Record<SilverErrorCode, number>>> = {
  ARGUMENT_INVALID: exitCodes.usage,
  CONFIG_INVALID: exitCodes.usage,
  DATABASE_UNREACHABLE: exitCodes.unreachable,
  QUEUE_MISSING: exitCodes.schema,
  SCHEMA_MISSING: exitCodes.schema,
  SCHEMA_NEWER: exitCodes.schema,
  SCHEMA_OUTDATED: exitCodes.schema,
};

/** The exit code by which a script can tell what kind of error it was. */
export function exitCodeOf(error: unknown): number {
  return error instanceof SilverError
    ? (codesByError[error.code] ?? exitCodes.failed)
    : exitCodes.failed;
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
