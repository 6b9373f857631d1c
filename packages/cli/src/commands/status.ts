import { monitor } from '@silver/shared';
import type { Command } from 'commander';
import { printJson, printTable } from '../print-rows.ts';
import { withDatabase } from '../with-database.ts';

const columns = [
  'target_table',
  'status',
  'last_processed_time',
  'lag_seconds',
  'pending_buckets',
  'in_flight',
  'running',
  'retrying',
  'dead',
  'reason',
  'last_error',
];

/** `silver status`: how fresh each rollup is and, if it is not, why. */
export function addStatusCommand(program: Command): void {
  program
    .command('status')
    .description('show how fresh each rollup is and, if it is not, why')
    .option('--json', 'print every column of the monitor as json')
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const rows = await withDatabase(command, monitor);
      if (json) {
        printJson(rows);
      } else if (rows.length === 0) {
        process.stdout.write('no rollups yet: declare one with silver rollup create\n');
      } else {
        printTable(columns, rows);
      }
    });
}
