// Runs the specification's own usage examples from the top of an empty database: `npm run spec`. Ends with 1 if one fails.

import { createLogger, migrate } from '@silver/shared';
import { findServer } from '../support/find-server.ts';
import { databaseUrl, onServer } from '../support/on-server.ts';
import { runSpec, specScripts } from './run-spec.ts';

const name = `silver_spec_${process.pid}`;
const server = await findServer();
try {
  await onServer(server.connectionString, `create database ${name}`);
  const url = databaseUrl(server.connectionString, name);
  await migrate({ databaseUrl: url, logger: createLogger({ logLevel: 'fatal' }, 'spec') });
  process.stdout.write(`an empty database of ${server.description}, migrated\n`);
  const failed = await runSpec(url, specScripts(), (text) => process.stdout.write(text));
  process.stdout.write(failed === 0 ? '\nspec: ok\n' : `\nspec: ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  await onServer(server.connectionString, `drop database if exists ${name} with (force)`);
  await server.close();
}
