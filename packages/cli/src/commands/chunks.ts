import { readRelation } from '@silver/shared';
import type { Command } from 'commander';
import { showRows } from '../output/show-rows.ts';

const columns = [
  'chunk_id',
  'target_table',
  'reason',
  'state',
  'from_time',
  'to_time',
  'buckets',
  'attempt',
  'worker_id',
  'seconds',
  'retry_at',
];

/** `silver chunks`: what is in flight. */
export function addChunksCommand(program: Command): void {
  program
    .command('chunks')
    .description(
      'list the chunks in flight: what is queued, running, waiting to be tried again, or dead',
    )
    .option('--state <state>', 'only those that are queued, running, retrying or dead')
    .option('--json', 'print every column as json')
    .action(async ({ state }: { state?: string }, command: Command) => {
      await showRows(
        command,
        (executor) =>
          readRelation(executor, 'timeseries_chunk_monitor', {
            order: 'chunk_id',
            ...(state !== undefined && { by: ['state', 'text', state] }),
          }),
        { columns, none: 'no chunks in flight' },
      );
    });
}
