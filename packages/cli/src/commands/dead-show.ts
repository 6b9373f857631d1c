import { readRelation, SilverError } from '@silver/shared';
import type { Command } from 'commander';
import { paint } from '../output/paint.ts';
import { printJson, showValue } from '../output/print-rows.ts';
import { identifier } from '../parse-options.ts';
import { withDatabase } from '../with-database.ts';

/** `silver dead show CHUNK`: a chunk and every error recorded of it. */
export function addDeadShowCommand(dead: Command): void {
  dead
    .command('show')
    .description('show a chunk and why its attempts failed, the last one first')
    .argument('<chunk>', 'number of the chunk', identifier)
    .option('--json', 'print it as json')
    .action(async (id: string, { json }: { json?: boolean }, command: Command) => {
      const { chunk, errors } = await withDatabase(command, async (executor) => {
        const by = ['chunk_id', 'bigint', id] as const;
        const [row] = await readRelation(executor, 'timeseries_chunk_monitor', {
          by,
          order: 'chunk_id',
        });
        const logged = await readRelation(executor, 'timeseries_error_log', {
          by,
          order: 'error_id desc',
        });
        return { chunk: row, errors: logged };
      });
      if (chunk === undefined) {
        throw new SilverError('ARGUMENT_INVALID', `There is no chunk ${id} in flight.`, {
          details: { chunkId: id },
          remedy: 'silver dead list and silver chunks show those there are.',
        });
      }
      if (json) {
        printJson({ chunk, errors });
        return;
      }
      write(chunk, '');
      for (const error of errors) {
        process.stdout.write(`${paint.bold(`attempt ${showValue(error['attempt'])}`)}\n`);
        write(error, '  ');
      }
    });
}

function write(row: Readonly<Record<string, unknown>>, indent: string): void {
  const told = Object.entries(row).filter(([, value]) => value !== null);
  const width = Math.max(...told.map(([name]) => name.length));
  for (const [name, value] of told) {
    const text = showValue(value).replaceAll('\n', `\n${indent}${' '.repeat(width + 2)}`);
    process.stdout.write(`${indent}${name.padEnd(width)}  ${text}\n`);
  }
}
