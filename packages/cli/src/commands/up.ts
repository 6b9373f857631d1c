import { resolve } from 'node:path';
import { startScheduler } from '@silver/scheduler';
import { type Config, type Logger, loadConfig, migrate, type Service } from '@silver/shared';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@silver/shared/embedded-postgres';
import { startWorker } from '@silver/worker';
import type { Command } from 'commander';
import { portNumber } from '../parse-options.ts';
import { runAsService } from '../run-as-service.ts';

interface UpOptions {
  readonly data: string;
  readonly port: number;
  readonly databaseUrl?: string;
}

/** `silver up`: all of Silver on a laptop, in one process beside a PostgreSQL of its own. */
export function addUpCommand(program: Command): void {
  program
    .command('up')
    .description(
      'run all of Silver here: a PostgreSQL of its own whose data stays, the schema, a scheduler and a worker, until stopped',
    )
    .option('--data <directory>', 'where its PostgreSQL keeps its data', 'silver-data')
    .option('--port <number>', 'port of its PostgreSQL, on loopback', portNumber, 54_329)
    .addHelpText(
      'after',
      '\nWith --database-url it works on that database and starts no PostgreSQL. DATABASE_URL alone is not heeded.',
    )
    .action(async (_: object, command: Command) => {
      const { data, databaseUrl, port } = command.optsWithGlobals<UpOptions>();
      const postgres =
        databaseUrl === undefined
          ? await startEmbeddedPostgres({ keptDirectory: resolve(data), port })
          : undefined;
      try {
        const url = databaseUrl ?? postgres?.connectionString;
        const level = process.env['LOG_LEVEL'] ?? 'warn';
        const config = loadConfig({ ...process.env, LOG_LEVEL: level }, { databaseUrl: url });
        await runAsService('up', config, (_config, logger) => startAll(config, logger, postgres));
      } finally {
        await postgres?.close();
      }
    });
}

async function startAll(
  config: Config,
  logger: Logger,
  postgres: EmbeddedPostgres | undefined,
): Promise<Service> {
  await migrate({ databaseUrl: config.databaseUrl, logger });
  const scheduler = await startScheduler(config, logger);
  try {
    const worker = await startWorker(config, logger);
    process.stdout.write(describe(config.databaseUrl, postgres));
    return {
      health: worker.health,
      stop: async () => {
        await worker.stop();
        await scheduler.stop();
        process.stdout.write(
          postgres === undefined
            ? 'stopped\n'
            : `stopped; the data stays in ${postgres.directory}\n`,
        );
      },
    };
  } catch (error) {
    await scheduler.stop();
    throw error;
  }
}

function describe(databaseUrl: string, postgres: EmbeddedPostgres | undefined): string {
  const where =
    postgres === undefined ? '' : `PostgreSQL keeps its data in ${postgres.directory}\n`;
  return `${where}Silver is up: a scheduler and a worker. In another terminal:\n\n  export DATABASE_URL=${databaseUrl}\n\nCtrl-C stops it.\n`;
}
