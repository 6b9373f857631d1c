import { callRoutine } from '@silver/shared';
import type { Command } from 'commander';
import { sayDone } from '../output/show-rows.ts';
import { withDatabase } from '../with-database.ts';

/** `silver track on SOURCE`: ends `silver track off`. */
export function addTrackOnCommand(track: Command): void {
  track
    .command('on')
    .description(
      'track a source again: everything of it is checked, for nobody knows what changed meanwhile',
    )
    .argument('<source>', 'the source, as schema.table')
    .option('--json', 'print the result as json')
    .action(async (source: string, _: object, command: Command) => {
      const [row] = await withDatabase(command, (executor) =>
        callRoutine(executor, 'track_on', { source_table_name: ['text', source] }),
      );
      const switched = row?.['track_on'] === true;
      const line = switched ? `${source} is tracked again` : `${source} was tracked already`;
      sayDone(command, line, { source, switched });
    });
}
