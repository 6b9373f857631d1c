import { callRoutine } from '@silver/shared';
import type { Command } from 'commander';
import { sayDone } from '../output/show-rows.ts';
import { withDatabase } from '../with-database.ts';

/** `silver rollup pause TARGET`: plans nothing of it for a while. */
export function addRollupPauseCommand(rollup: Command): void {
  rollup
    .command('pause')
    .description(
      'plan nothing of a rollup; changes go on being logged, and its live view stays right',
    )
    .argument('<target>', 'its target, as schema.table')
    .option('--until <instant>', 'when it goes on by itself (default: silver rollup resume)')
    .option('--json', 'print the result as json')
    .action(async (target: string, { until }: { until?: string }, command: Command) => {
      await withDatabase(command, (executor) =>
        callRoutine(executor, 'pause_rollup', {
          target_table_name: ['text', target],
          until: ['timestamptz', until],
        }),
      );
      const line = `paused ${target}${until === undefined ? '' : ` until ${until}`}; silver rollup resume ${target} ends it`;
      sayDone(command, line, { target, until: until ?? null });
    });
}
