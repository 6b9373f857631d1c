import { planBackfill } from '@silver/shared';
import type { Command } from 'commander';
import { type BackfillRangeOptions, backfillRange, withBackfillRange } from '../backfill-range.ts';
import { printJson, printTable } from '../output/print-rows.ts';
import { showInterval } from '../output/show-duration.ts';
import { withDatabase } from '../with-database.ts';

const columns = [
  'target_table',
  'buckets',
  'new',
  'again',
  'source_rows',
  'chunks',
  'duration',
  'partitions',
];

/** `silver backfill plan TARGET`: what an order would do. */
export function addBackfillPlanCommand(backfill: Command): void {
  withBackfillRange(
    backfill
      .command('plan')
      .description(
        'say what a backfill would compute, how many rows it reads and how long it takes; changes nothing',
      ),
  ).action(
    async (
      target: string,
      options: BackfillRangeOptions & { json?: boolean },
      command: Command,
    ) => {
      const rows = await withDatabase(command, (executor) =>
        planBackfill(executor, backfillRange(target, options)),
      );
      if (options.json) {
        printJson(rows);
        return;
      }
      printTable(
        columns,
        rows.map((row) => ({
          ...row,
          new: row['new_buckets'],
          again: row['recomputed_buckets'],
          duration: showInterval(String(row['duration'] ?? 'unknown')),
        })),
      );
      for (const { ranges, refusal, skipped, target_table: table } of rows) {
        process.stdout.write(`${table} computes ${ranges}\n`);
        if (skipped !== '{}') {
          process.stdout.write(`${table} leaves out ${skipped}\n`);
        }
        if (refusal !== null) {
          process.stdout.write(
            `silver backfill start would refuse it without --force: ${refusal}\n`,
          );
        }
      }
      process.stdout.write('rows and durations are estimates, for one worker\n');
    },
  );
}
