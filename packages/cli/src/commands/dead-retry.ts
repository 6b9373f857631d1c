import { callRoutine, type Executor, readRelation, SilverError } from '@silver/shared';
import type { Command } from 'commander';
import { sayDone } from '../output/show-rows.ts';
import { identifier } from '../parse-options.ts';
import { withDatabase } from '../with-database.ts';

/** `silver dead retry [CHUNK]`: gives chunks all their attempts again. */
export function addDeadRetryCommand(dead: Command): void {
  dead
    .command('retry')
    .description('give a dead chunk all its attempts again, after the cause was mended')
    .argument('[chunk]', 'number of the chunk', identifier)
    .option('--all', 'every dead chunk')
    .option('--json', 'print the result as json')
    .action(async (id: string | undefined, { all }: { all?: boolean }, command: Command) => {
      if ((id === undefined) === (all !== true)) {
        throw new SilverError('ARGUMENT_INVALID', 'Name a chunk, or pass --all, not both.');
      }
      const retried = await withDatabase(command, async (executor) => {
        const ids = id === undefined ? await deadChunks(executor) : [id];
        const done: string[] = [];
        for (const chunk of ids) {
          const [row] = await callRoutine(executor, 'retry_chunk', { chunk_id: ['bigint', chunk] });
          if (row?.['retry_chunk'] === true) {
            done.push(chunk);
          }
        }
        return done;
      });
      if (id !== undefined && retried.length === 0) {
        throw new SilverError(
          'ARGUMENT_INVALID',
          `Chunk ${id} is neither dead nor waiting to be tried again.`,
          {
            remedy: 'silver dead list shows those that are dead.',
          },
        );
      }
      sayDone(
        command,
        `${retried.length} chunk${retried.length === 1 ? '' : 's'} will be tried again`,
        { retried },
      );
    });
}

async function deadChunks(executor: Executor): Promise<readonly string[]> {
  const by = ['state', 'text', 'dead'] as const;
  const rows = await readRelation(executor, 'timeseries_chunk_monitor', { by, order: 'chunk_id' });
  return rows.map((row) => String(row['chunk_id']));
}
