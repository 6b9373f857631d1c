import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { SilverError } from '../errors/silver-error.ts';

/** The parameters of a connection string that say how it is encrypted. */
export const tlsParameters = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey'] as const;

/**
 * What a connection string asks of TLS, for slonik, which reads no certificate files itself; node-postgres does.
 * Undefined: no TLS. `require` and `verify-full` are the same: the certificate must be valid, and for this very host.
 * Errors: CONFIG_INVALID when a file cannot be read.
 */
export function tlsOptions(databaseUrl: string): ConnectionOptions | undefined {
  const { searchParams } = new URL(databaseUrl);
  const mode = searchParams.get('sslmode');
  const file = (name: (typeof tlsParameters)[number]) => {
    const path = searchParams.get(name);
    return path === null ? undefined : readCertificate(name, path);
  };
  const files = { ca: file('sslrootcert'), cert: file('sslcert'), key: file('sslkey') };
  if (
    mode === 'disable' ||
    (mode === null && Object.values(files).every((text) => text === undefined))
  ) {
    return undefined;
  }
  return {
    rejectUnauthorized: mode !== 'no-verify',
    ...(files.ca !== undefined && { ca: files.ca }),
    ...(files.cert !== undefined && { cert: files.cert }),
    ...(files.key !== undefined && { key: files.key }),
  };
}

function readCertificate(parameter: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SilverError(
      'CONFIG_INVALID',
      `${parameter}=${path} of DATABASE_URL cannot be read.`,
      {
        cause,
        remedy: 'Name a PEM file that this program may read.',
      },
    );
  }
}
