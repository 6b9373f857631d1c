import { callRoutine } from '@silver/shared';
import type { Command } from 'commander';
import { printJson } from '../output/print-rows.ts';
import { withDatabase } from '../with-database.ts';

/** `silver rollup explain TARGET`: how each column is computed, how exact it is, and the statements of its chunks. */
export function addRollupExplainCommand(rollup: Command): void {
  rollup
    .command('explain')
    .description('explain how a rollup is computed: its columns, its statements and their plans')
    .argument('<target>', 'its target, as schema.table')
    .option('--json', 'print the lines as json')
    .action(async (target: string, { json }: { json?: boolean }, command: Command) => {
      const rows = await withDatabase(command, (executor) =>
        callRoutine(executor, 'explain_rollup', { target_table_name: ['text', target] }),
      );
      const lines = rows.map((row) => String(row['explain_rollup'] ?? ''));
      if (json) {
        printJson(lines);
      } else {
        process.stdout.write(`${lines.join('\n')}\n`);
      }
    });
}
