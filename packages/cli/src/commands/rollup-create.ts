import { createRollup, type Executor, readRelation, rollupIdOf, SilverError } from '@silver/shared';
import type { Command } from 'commander';
import { printJson } from '../output/print-rows.ts';
import { commaList, wholeNumber } from '../parse-options.ts';
import { withDatabase } from '../with-database.ts';

interface RollupCreateOptions {
  readonly every: string;
  readonly dimensions?: readonly string[];
  readonly exclude?: readonly string[];
  readonly firstLast?: readonly string[];
  readonly mode?: string;
  readonly startFrom?: string;
  readonly lookBack?: string;
  readonly retention?: string;
  readonly freezeAfter?: string;
  readonly safetyBuffer?: string;
  readonly timeColumn?: string;
  readonly sourceTimeZone?: string;
  readonly timeZone?: string;
  readonly origin?: string;
  readonly priority?: number;
  readonly maxInFlight?: number;
  readonly maxRetries?: number;
  readonly chunkDuration?: string;
  readonly partitions?: string;
  readonly onPartitionDrop?: string;
  readonly json?: boolean;
}

/** `silver rollup create SOURCE TARGET`: declares a rollup and creates its target table. */
export function addRollupCreateCommand(rollup: Command): void {
  rollup
    .command('create')
    .description(
      'declare a rollup of SOURCE (a table, or the target of another rollup) into a new table TARGET',
    )
    .argument('<source>', 'table to read, as schema.table')
    .argument('<target>', 'table to create, as schema.table')
    .requiredOption(
      '--every <interval>',
      "width of a bucket: '1 minute', '1 hour', '1 day', '1 month'",
    )
    .option('--dimensions <columns>', 'columns to group by, separated by commas', commaList)
    .option('--exclude <columns>', 'columns to leave out, separated by commas', commaList)
    .option(
      '--first-last <columns>',
      'columns whose first and last value are kept, separated by commas',
      commaList,
    )
    .option('--mode <mode>', 'track, or look_back for a view or foreign table (default: track)')
    .option('--start-from <instant>', 'first instant to cover (default: look-back before now)')
    .option('--look-back <interval>', 'how far before now to start (default: 10 minutes)')
    .option('--retention <interval>', 'drop target rows older than this (default: keep)')
    .option(
      '--freeze-after <interval>',
      'never recompute buckets older than this (default: always recompute)',
    )
    .option(
      '--safety-buffer <interval>',
      'how long after its end a bucket falls due (default: by its width)',
    )
    .option('--time-column <column>', 'time column of the source, where it has several')
    .option('--source-time-zone <zone>', 'zone a timestamp column is read in; required for one')
    .option('--time-zone <zone>', 'zone whose days and months the buckets follow (default: UTC)')
    .option('--origin <instant>', 'an instant at which a bucket begins')
    .option(
      '--priority <number>',
      'added to the priority of its chunks; higher runs first',
      wholeNumber,
    )
    .option('--max-in-flight <number>', 'most chunks in flight (default: 8)', wholeNumber)
    .option(
      '--max-retries <number>',
      'attempts after the first before a chunk is dead (default: 10)',
      wholeNumber,
    )
    .option('--chunk-duration <interval>', 'how long a chunk should take (default: 1 second)')
    .option(
      '--partitions <interval>',
      'width of the target’s partitions (default: by the bucket’s width)',
    )
    .option(
      '--on-partition-drop <keep|recompute>',
      'what becomes of buckets whose source partition is dropped (default: keep)',
    )
    .option('--json', 'print the result as json')
    .action(
      async (source: string, target: string, options: RollupCreateOptions, command: Command) => {
        const { table, schema } = splitName(target);
        const { created, start } = await withDatabase(command, async (executor) => {
          const created = await createRollup(executor, {
            source,
            targetSchema: schema,
            targetTable: table,
            every: options.every,
            lookBackWindow: options.lookBack,
            retentionPeriod: options.retention,
            startFrom: options.startFrom,
            timeColumn: options.timeColumn,
            dimensions: options.dimensions,
            exclude: options.exclude,
            firstLast: options.firstLast,
            mode: options.mode,
            sourceTimeZone: options.sourceTimeZone,
            timeZone: options.timeZone,
            origin: options.origin,
            safetyBuffer: options.safetyBuffer,
            freezeAfter: options.freezeAfter,
            priority: options.priority,
            maxInFlight: options.maxInFlight,
            maxRetries: options.maxRetries,
            targetChunkDuration: options.chunkDuration,
            partitionInterval: options.partitions,
            onPartitionDrop: options.onPartitionDrop,
          });
          return { created, start: await readStart(executor, created) };
        });
        if (options.json) {
          printJson({ target: created, start_from: start });
          return;
        }
        process.stdout.write(
          `created ${created}; a scheduler and a worker fill it from ${start} on\n`,
        );
        if (options.startFrom === undefined) {
          // Whoever has a table full of history and named no start would wait for it in vain.
          process.stdout.write(
            `for what is older, order a backfill: silver backfill start ${created}\n`,
          );
        }
      },
    );
}

/** The instant at which the rollup begins: that asked for, or the one it was given. */
async function readStart(executor: Executor, target: string): Promise<string> {
  const id = await rollupIdOf(executor, target);
  const [settings] = await readRelation(executor, 'timeseries_rollup_config', {
    by: ['rollup_id', 'integer', id],
    order: 'rollup_id',
  });
  return String(settings?.['start_from']);
}

function splitName(target: string): { readonly schema: string; readonly table: string } {
  const [schema, table, ...rest] = target.split('.');
  if (
    schema === undefined ||
    table === undefined ||
    schema === '' ||
    table === '' ||
    rest.length > 0
  ) {
    throw new SilverError(
      'ARGUMENT_INVALID',
      `TARGET "${target}" is not a name like schema.table.`,
      {
        remedy: 'Name the schema too, for example public.flights_hourly.',
      },
    );
  }
  return { schema, table };
}
