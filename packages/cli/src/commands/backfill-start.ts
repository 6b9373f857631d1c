import { startBackfill } from '@silver/shared';
import { type Command, Option } from 'commander';
import { type BackfillRangeOptions, backfillRange, withBackfillRange } from '../backfill-range.ts';
import { sayDone } from '../output/show-rows.ts';
import { wholeNumber } from '../parse-options.ts';
import { withDatabase } from '../with-database.ts';

interface BackfillStartOptions extends BackfillRangeOptions {
  readonly direction?: 'newest-first' | 'oldest-first';
  readonly priority?: number;
  readonly maxInFlight?: number;
}

/** `silver backfill start TARGET`: orders a range to be computed. */
export function addBackfillStartCommand(backfill: Command): void {
  withBackfillRange(
    backfill
      .command('start')
      .description(
        'order a range to be computed, below all live work; schedulers and workers carry it out',
      ),
  )
    .addOption(
      new Option('--direction <end>', 'which end first (default: newest-first)').choices([
        'newest-first',
        'oldest-first',
      ]),
    )
    .option(
      '--priority <number>',
      'of several backfills the highest goes first (default: 0)',
      wholeNumber,
    )
    .option(
      '--max-in-flight <number>',
      'most of its chunks at once, per rollup (default: as the rollup)',
      wholeNumber,
    )
    .action(async (target: string, options: BackfillStartOptions, command: Command) => {
      const { direction, maxInFlight, priority } = options;
      const range = backfillRange(target, options);
      const id = await withDatabase(command, (executor) =>
        startBackfill(executor, { ...range, direction, maxInFlight, priority }),
      );
      const line = `backfill ${id} is ordered; silver backfill watch ${id} shows how far it is`;
      sayDone(command, line, { backfill_id: id, target });
    });
}
