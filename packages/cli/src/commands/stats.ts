import { callRoutine } from '@silver/shared';
import type { Command } from 'commander';
import { showRows } from '../output/show-rows.ts';

/** `silver stats [PATTERN]`: sizes, rows and use of tables; with `--partitions` of one table's partitions. */
export function addStatsCommand(program: Command): void {
  program
    .command('stats')
    .description('show sizes, rows and use of tables')
    .argument(
      '[table]',
      "pattern of SQL's LIKE, as 'public.readings%'; with --partitions a table (default: all)",
    )
    .option('--partitions', "show the table's partitions")
    .option('--json', 'print every column as json')
    .action(
      async (table: string | undefined, options: { partitions?: boolean }, command: Command) => {
        if (options.partitions) {
          if (table === undefined) {
            command.error(
              'error: --partitions needs a table, as in silver stats public.readings --partitions',
            );
          }
          await showRows(
            command,
            (executor) =>
              callRoutine(executor, 'get_partition_stats', { parent_table_name: ['text', table] }),
            {
              columns: [
                'partition_name',
                'lower_bound',
                'upper_bound',
                'row_estimate',
                'total_size',
                'last_analyze',
              ],
              none: 'it has no partitions',
            },
          );
          return;
        }
        await showRows(
          command,
          (executor) =>
            callRoutine(executor, 'get_detailed_stats', { table_pattern: ['text', table ?? '%'] }),
          {
            columns: [
              'schema_name',
              'table_name',
              'role',
              'partitions',
              'row_estimate',
              'total_size',
              'cache_hit_ratio',
            ],
            none: 'no table matches',
          },
        );
      },
    );
}
