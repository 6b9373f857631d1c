import { createLogger, migrate } from '@silver/shared';
import type { Command } from 'commander';
import { printJson } from '../output/print-rows.ts';
import { configOf } from '../with-database.ts';

/** `silver migrate`: brings a database to this version. */
export function addMigrateCommand(program: Command): void {
  program
    .command('migrate')
    .description(
      'create or upgrade the schema silver and the job queue; safe at any time, from many processes at once',
    )
    .option('--json', 'print what was applied as json')
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const config = configOf(command);
      const result = await migrate({
        databaseUrl: config.databaseUrl,
        logger: createLogger(config, 'migrate'),
      });
      if (json) {
        printJson(result);
        return;
      }
      const { dropped, functions, migrations } = result;
      const done = [
        migrations.length > 0 && `migrations: ${migrations.join(', ')}`,
        functions.length > 0 && `${functions.length} functions and views applied`,
        dropped.length > 0 && `${dropped.length} dropped`,
      ].filter((line) => line !== false);
      process.stdout.write(`${done.length === 0 ? 'already up to date' : done.join('\n')}\n`);
    });
}
