import { createRequire } from 'node:module';
import { binariesOf, startEmbeddedPostgres } from '@silver/shared/embedded-postgres';

/** A PostgreSQL server the tests may use: with a superuser, for they create and drop databases and roles. */
export interface TestServer {
  readonly connectionString: string;
  readonly description: string;
  close(): Promise<void>;
}

/**
 * Finds the server for a run of the tests, in this order: TEST_DATABASE_URL names one; TEST_CONTAINERS=1 asks a container
 * engine for one; else the embedded one starts, of the version in TEST_POSTGRES_VERSION (15 by default, or 18).
 */
export async function findServer(environment = process.env): Promise<TestServer> {
  const { TEST_DATABASE_URL: given, TEST_CONTAINERS: containers } = environment;
  if (given !== undefined && given !== '') {
    return {
      connectionString: given,
      description: 'TEST_DATABASE_URL',
      close: async () => undefined,
    };
  }
  return containers === '1'
    ? startContainer()
    : startEmbedded(environment['TEST_POSTGRES_VERSION']);
}

async function startContainer(): Promise<TestServer> {
  const { PostgreSqlContainer } = await import('@testcontainers/postgresql');
  const container = await new PostgreSqlContainer('postgres:15')
    .withCommand(['postgres', '-c', 'max_prepared_transactions=20', '-c', 'max_connections=200'])
    .start();
  return {
    connectionString: container.getConnectionUri(),
    description: 'a container',
    close: async () => {
      await container.stop();
    },
  };
}

async function startEmbedded(version = '15'): Promise<TestServer> {
  const server = await startEmbeddedPostgres(
    version === '15' ? {} : { binaries: binaries(version) },
  );
  return {
    connectionString: server.connectionString,
    description: `embedded PostgreSQL ${version}`,
    close: () => server.close(),
  };
}

function binaries(version: string): string {
  const name = `embedded-postgres-${version}-${process.platform}-${process.arch}`;
  return binariesOf(createRequire(import.meta.url).resolve(name));
}
