import { callRoutine } from '@silver/shared';
import type { Command } from 'commander';
import { showRows } from '../output/show-rows.ts';
import { commaList } from '../parse-options.ts';

interface RollupSyncOptions {
  readonly fillFrom?: string;
  readonly exclude?: readonly string[];
}

/** `silver rollup sync TARGET`: follows a source that changed shape. */
export function addRollupSyncCommand(rollup: Command): void {
  rollup
    .command('sync')
    .description(
      'bring a rollup in line with its source after columns were added, dropped, renamed or retyped',
    )
    .argument('<target>', 'its target, as schema.table')
    .option('--fill-from <instant>', 'fill added columns from here on (default: from its start)')
    .option(
      '--exclude <columns>',
      'columns to leave out from now on, separated by commas',
      commaList,
    )
    .option('--json', 'print what changed as json')
    .action(async (target: string, options: RollupSyncOptions, command: Command) => {
      await showRows(
        command,
        (executor) =>
          callRoutine(executor, 'sync_rollup', {
            target_table_name: ['text', target],
            fill_from: ['timestamptz', options.fillFrom],
            exclude: [
              'text[]',
              options.exclude &&
                JSON.stringify(options.exclude).replace('[', '{').replace(/\]$/, '}'),
            ],
          }),
        {
          columns: ['target_table', 'change', 'column_name', 'detail'],
          none: 'no column of the target changed',
        },
      );
    });
}
