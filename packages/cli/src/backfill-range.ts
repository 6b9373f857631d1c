import type { BackfillRange } from '@silver/shared';
import type { Command } from 'commander';
import { positiveNumber } from './parse-options.ts';

export interface BackfillRangeOptions {
  readonly from?: string;
  readonly to?: string;
  readonly descendants: boolean;
  readonly force?: boolean;
  readonly chunksPerMinute?: number;
}

/** The argument and the options that say what a backfill is to compute: the same for planning and for ordering it. */
export function withBackfillRange(command: Command): Command {
  return command
    .argument('<target>', 'target of the rollup, as schema.table')
    .option('--from <instant>', 'begin of the range (default: the first row of the source)')
    .option('--to <instant>', 'end of the range, exclusive (default: what has fallen due)')
    .option('--no-descendants', 'leave out the rollups declared on its target, and theirs in turn')
    .option(
      '--force',
      'compute frozen buckets too, and pass by what has expired: descendants begin with the finest level that has rows',
    )
    .option(
      '--chunks-per-minute <number>',
      'most chunks a minute (default: no limit)',
      positiveNumber,
    )
    .option('--json', 'print it as json');
}

/** What the options say, for the database. */
export function backfillRange(target: string, options: BackfillRangeOptions): BackfillRange {
  const { chunksPerMinute, descendants, force = false, from, to } = options;
  return { target, from, to, descendants, force, chunksPerMinute };
}
