import { callRoutine } from '@silver/shared';
import type { Command } from 'commander';
import { sayDone } from '../output/show-rows.ts';
import { withDatabase } from '../with-database.ts';

/** `silver rollup resume TARGET`: ends a pause. */
export function addRollupResumeCommand(rollup: Command): void {
  rollup
    .command('resume')
    .description('end the pause of a rollup: what fell due meanwhile is planned at once')
    .argument('<target>', 'its target, as schema.table')
    .option('--json', 'print the result as json')
    .action(async (target: string, _: object, command: Command) => {
      await withDatabase(command, (executor) =>
        callRoutine(executor, 'resume_rollup', { target_table_name: ['text', target] }),
      );
      sayDone(command, `resumed ${target}`, { target });
    });
}
