import { listBackfills } from '@silver/shared';
import type { Command } from 'commander';
import { printJson, printTable } from '../output/print-rows.ts';
import { showInterval } from '../output/show-duration.ts';
import { withDatabase } from '../with-database.ts';

const columns = ['id', 'target_table', 'from', 'to', 'state', 'done', 'left', 'reason'];

/** `silver backfill list`: all orders, the newest first. */
export function addBackfillListCommand(backfill: Command): void {
  backfill
    .command('list')
    .description('list the backfills, how far each is and what it waits for')
    .option('--json', 'print every column as json')
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const rows = await withDatabase(command, listBackfills);
      if (json) {
        printJson(rows);
      } else if (rows.length === 0) {
        process.stdout.write('no backfills yet: silver backfill plan says what one would do\n');
      } else {
        printTable(
          columns,
          rows.map((row) => ({
            id: row.backfill_id,
            target_table: row.target_table,
            from: row.from_time,
            to: row.to_time,
            state: row.state,
            done: `${Math.floor(row.done_fraction * 100)} %`,
            left: row.time_left === null ? '' : showInterval(row.time_left),
            reason: row.reason,
          })),
        );
      }
    });
}
