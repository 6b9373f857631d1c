import { cancelBackfill } from '@silver/shared';
import type { Command } from 'commander';
import { sayDone } from '../output/show-rows.ts';
import { identifier } from '../parse-options.ts';
import { withDatabase } from '../with-database.ts';

/** `silver backfill cancel ID`: ends an order; what it has computed stays. */
export function addBackfillCancelCommand(backfill: Command): void {
  backfill
    .command('cancel')
    .description('end a backfill; what it has computed stays and is kept right')
    .argument('<id>', 'number of the backfill', identifier)
    .option('--json', 'print the result as json')
    .action(async (id: string, _: object, command: Command) => {
      const cancelled = await withDatabase(command, (executor) => cancelBackfill(executor, id));
      const line = cancelled ? `backfill ${id} is cancelled` : `backfill ${id} had ended already`;
      sayDone(command, line, { backfill_id: id, cancelled });
    });
}
