import { resolve } from 'node:path';
import type { Console } from '@silver/console';
import { startScheduler } from '@silver/scheduler';
import { type Config, type Logger, loadConfig, migrate, type Service } from '@silver/shared';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@silver/shared/embedded-postgres';
import { startWorker } from '@silver/worker';
import type { Command } from 'commander';
import { printJsonLine } from '../output/print-rows.ts';
import { portNumber } from '../parse-options.ts';
import { runAsService } from '../run-as-service.ts';

interface UpOptions {
  readonly data: string;
  readonly port: number;
  readonly databaseUrl?: string;
  readonly json?: boolean;
}

/** `silver up`: all of Silver on a laptop, in one process beside a PostgreSQL of its own. */
export function addUpCommand(program: Command): void {
  program
    .command('up')
    .description(
      'run all of Silver here: a PostgreSQL of its own whose data stays, the schema, a scheduler, a worker and the console, until stopped',
    )
    .option('--data <directory>', 'where its PostgreSQL keeps its data', 'silver-data')
    .option('--port <number>', 'port of its PostgreSQL, on loopback', portNumber, 54_329)
    .option('--json', 'print where all of it is as a line of json, once it runs')
    .addHelpText(
      'after',
      '\nWith --database-url it works on that database and starts no PostgreSQL. DATABASE_URL alone is not heeded.',
    )
    .action(async (_: object, command: Command) => {
      const { data, databaseUrl, json = false, port } = command.optsWithGlobals<UpOptions>();
      const postgres =
        databaseUrl === undefined
          ? await startEmbeddedPostgres({ keptDirectory: resolve(data), port })
          : undefined;
      try {
        const url = databaseUrl ?? postgres?.connectionString;
        const level = process.env['LOG_LEVEL'] ?? 'warn';
        const config = loadConfig({ ...process.env, LOG_LEVEL: level }, { databaseUrl: url });
        await runAsService('up', config, (_config, logger) =>
          startAll(config, logger, postgres, json),
        );
      } finally {
        await postgres?.close();
      }
    });
}

async function startAll(
  config: Config,
  logger: Logger,
  postgres: EmbeddedPostgres | undefined,
  json: boolean,
): Promise<Service> {
  await migrate({ databaseUrl: config.databaseUrl, logger });
  await using started = new AsyncDisposableStack(); // what stands when a later one cannot start
  const scheduler = started.adopt(await startScheduler(config, logger), stopService);
  const worker = started.adopt(await startWorker(config, logger), stopService);
  const console = started.adopt(await openConsole(config, logger), stopService);
  started.move();
  if (json) {
    printJsonLine({
      database_url: config.databaseUrl,
      console_url: console.url,
      data: postgres?.directory ?? null,
    });
  } else {
    process.stdout.write(describe(config.databaseUrl, console.url, postgres));
  }
  return {
    health: worker.health,
    stop: async () => {
      await console.stop();
      await worker.stop();
      await scheduler.stop();
      if (!json) {
        process.stdout.write(
          postgres === undefined
            ? 'stopped\n'
            : `stopped; the data stays in ${postgres.directory}\n`,
        );
      }
    },
  };
}

const stopService = (service: Pick<Service, 'stop'>) => service.stop();

/** Who is at this machine may act. A port that is taken, by another `silver up` say, is no reason not to start. */
async function openConsole(config: Config, logger: Logger): Promise<Console> {
  const { startConsole } = await import('@silver/console');
  const own: Config = { ...config, consoleAct: 'on' };
  try {
    return await startConsole(own, logger);
  } catch {
    return startConsole({ ...own, consoleHost: '127.0.0.1', consolePort: 0 }, logger);
  }
}

function describe(
  databaseUrl: string,
  consoleUrl: string,
  postgres: EmbeddedPostgres | undefined,
): string {
  const where =
    postgres === undefined ? '' : `PostgreSQL keeps its data in ${postgres.directory}\n`;
  return `${where}Silver is up: a scheduler, a worker, and the console at ${consoleUrl}\nIn another terminal:\n\n  export DATABASE_URL=${databaseUrl}\n\nCtrl-C stops it.\n`;
}
