import { callRoutine } from '@silver/shared';
import type { Command } from 'commander';
import { sayDone } from '../output/show-rows.ts';
import { withDatabase } from '../with-database.ts';

/** `silver track off SOURCE`: the kill switch. */
export function addTrackOffCommand(track: Command): void {
  track
    .command('off')
    .description(
      'the kill switch: the triggers of a source do nothing from now on, and live views compute everything',
    )
    .argument('<source>', 'the source, as schema.table')
    .option('--json', 'print the result as json')
    .action(async (source: string, _: object, command: Command) => {
      const [row] = await withDatabase(command, (executor) =>
        callRoutine(executor, 'track_off', { source_table_name: ['text', source] }),
      );
      const switched = row?.['track_off'] === true;
      const line = switched
        ? `${source} is not tracked any more; silver track on ${source} ends that`
        : `${source} was not tracked already`;
      sayDone(command, line, { source, switched });
    });
}
