import { listRollups } from '@silver/shared';
import type { Command } from 'commander';
import { showRows } from '../output/show-rows.ts';

const columns = [
  'rollup_id',
  'source_table',
  'target_table',
  'rollup_table_interval',
  'mode',
  'start_from',
  'status',
];

/** `silver rollup list`: the rollups that are declared. */
export function addRollupListCommand(rollup: Command): void {
  rollup
    .command('list')
    .description('list the rollups')
    .option('--json', 'print them as json')
    .action(async (_: object, command: Command) => {
      const none = 'no rollups yet: declare one with silver rollup create';
      await showRows(command, listRollups, { columns, none });
    });
}
