import { listRollups } from '@silver/shared';
import type { Command } from 'commander';
import { printJson, printTable } from '../print-rows.ts';
import { withDatabase } from '../with-database.ts';

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
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const rows = await withDatabase(command, listRollups);
      if (json) {
        printJson(rows);
      } else {
        printTable(columns, rows);
      }
    });
}
