import { readRelation } from '@silver/shared';
import type { Command } from 'commander';
import { showRows } from '../output/show-rows.ts';

const columns = [
  'chunk_id',
  'target_table',
  'reason',
  'from_time',
  'to_time',
  'buckets',
  'attempt',
  'last_error',
];

/** `silver dead list`: the chunks that are out of attempts. */
export function addDeadListCommand(dead: Command): void {
  dead
    .command('list')
    .description(
      'list the chunks that are out of attempts; live views compute their buckets from the source meanwhile',
    )
    .option('--json', 'print every column as json')
    .action(async (_: object, command: Command) => {
      await showRows(
        command,
        (executor) =>
          readRelation(executor, 'timeseries_chunk_monitor', {
            by: ['state', 'text', 'dead'],
            order: 'chunk_id',
          }),
        { columns, none: 'no chunk is dead' },
      );
    });
}
