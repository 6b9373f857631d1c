import { callRoutine } from '@silver/shared';
import type { Command } from 'commander';
import { sayDone } from '../output/show-rows.ts';
import { withDatabase } from '../with-database.ts';

/** `silver rollup drop TARGET`: ends a rollup. */
export function addRollupDropCommand(rollup: Command): void {
  rollup
    .command('drop')
    .description(
      'end a rollup: its settings, its state and its live view go; its target stays, as a table like any other',
    )
    .argument('<target>', 'its target, as schema.table')
    .option('--drop-table', 'the target goes too, with all of its rows')
    .option('--json', 'print the result as json')
    .action(
      async (target: string, { dropTable = false }: { dropTable?: boolean }, command: Command) => {
        await withDatabase(command, (executor) =>
          callRoutine(executor, 'drop_rollup', {
            target_table_name: ['text', target],
            drop_table: ['boolean', dropTable],
          }),
        );
        const line = `dropped the rollup ${target}; its table ${dropTable ? 'went too' : 'stays'}`;
        sayDone(command, line, { target, table: dropTable ? 'dropped' : 'kept' });
      },
    );
}
