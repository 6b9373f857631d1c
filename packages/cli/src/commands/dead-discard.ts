import { callRoutine, SilverError } from '@silver/shared';
import type { Command } from 'commander';
import { sayDone } from '../output/show-rows.ts';
import { identifier } from '../parse-options.ts';
import { withDatabase } from '../with-database.ts';

/** `silver dead discard CHUNK`: its buckets are cut anew. */
export function addDeadDiscardCommand(dead: Command): void {
  dead
    .command('discard')
    .description(
      'give a dead chunk up: its buckets are pending again, and are cut anew by the window now in force',
    )
    .argument('<chunk>', 'number of the chunk', identifier)
    .option('--json', 'print the result as json')
    .action(async (id: string, _: object, command: Command) => {
      const [row] = await withDatabase(command, (executor) =>
        callRoutine(executor, 'discard_chunk', { chunk_id: ['bigint', id] }),
      );
      if (row?.['discard_chunk'] !== true) {
        throw new SilverError('ARGUMENT_INVALID', `Chunk ${id} is not dead.`, {
          remedy: 'silver dead list shows those that are.',
        });
      }
      sayDone(command, `chunk ${id} is given up; its buckets are pending again`, { chunk_id: id });
    });
}
