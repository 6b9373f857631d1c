import { createInterface } from 'node:readline/promises';
import { callRoutine, SilverError } from '@silver/shared';
import type { Command } from 'commander';
import { sayDone } from '../output/show-rows.ts';
import { configOf, withDatabase } from '../with-database.ts';

/** `silver uninstall`: Silver goes, the targets stay. */
export function addUninstallCommand(program: Command): void {
  program
    .command('uninstall')
    .description(
      'remove Silver from the database: rollups, triggers, live views, queue and schemas; the targets stay as plain tables',
    )
    .option('--yes', 'do not ask')
    .option('--cascade', 'also drop what depends on Silver, such as views that call its functions')
    .option('--json', 'print what stays as json')
    .action(async (options: { yes?: boolean; cascade?: boolean }, command: Command) => {
      const { host, pathname } = new URL(configOf(command).databaseUrl);
      if (options.yes !== true && !(await isConfirmed(`${host}${pathname}`))) {
        throw new SilverError('ARGUMENT_INVALID', `Nothing was removed from ${host}${pathname}.`, {
          remedy: 'Answer yes, or pass --yes.',
        });
      }
      const rows = await withDatabase(command, (executor) =>
        callRoutine(executor, 'uninstall', { cascade_views: ['boolean', options.cascade] }),
      );
      const kept = rows.map((row) => String(row['uninstall']));
      const line = `Silver is gone from ${host}${pathname}; ${kept.length === 0 ? 'there were no targets' : `kept: ${kept.join(', ')}`}`;
      sayDone(command, line, { kept });
    });
}

/** Asks on a terminal; where there is none, nobody can have meant it. */
async function isConfirmed(database: string): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) {
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(
      `Remove Silver from ${database}? The targets stay. yes/no: `,
    );
    return answer.trim().toLowerCase() === 'yes';
  } finally {
    terminal.close();
  }
}
