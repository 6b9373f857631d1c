import { type Difference, listRollups, verifyRollup } from '@silver/shared';
import { type Command, InvalidArgumentError } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { openScreen } from '../output/open-screen.ts';
import { printJson, printTable } from '../output/print-rows.ts';
import { withDatabase } from '../with-database.ts';

interface VerifyOptions {
  readonly from?: string;
  readonly to?: string;
  readonly sample?: number;
  readonly repair?: boolean;
  readonly json?: boolean;
}

type Finding = Difference & { readonly target: string };

/** Comparing a whole history takes as long as computing it. */
const dayMs = 24 * 60 * 60 * 1000;

/** `silver verify [TARGET…]`: compares targets with their sources. Ends with 5 when a bucket differs. */
export function addVerifyCommand(program: Command): void {
  program
    .command('verify')
    .description(
      'compare settled buckets with their source, computed afresh; ends with 5 if any differ',
    )
    .argument('[target...]', 'targets to look at, as schema.table (default: all)')
    .option('--from <instant>', 'look at buckets from here on')
    .option('--to <instant>', 'look at buckets before')
    .option('--sample <number>', 'look at so many buckets of each, chosen at random', atLeastOne)
    .option('--repair', 'have the buckets that differ computed again')
    .option('--json', 'print the differences as json')
    .action(async (targets: readonly string[], options: VerifyOptions, command: Command) => {
      const { from, json = false, repair = false, sample, to } = options;
      const found: Finding[] = [];
      const looked: string[] = [];
      await withDatabase(
        command,
        async (executor) => {
          const all =
            targets.length > 0
              ? targets
              : (await listRollups(executor)).map((one) => one.target_table);
          using screen = openScreen(process.stderr);
          for (const [done, target] of all.entries()) {
            if (!json && all.length > 1) {
              screen.show([{ label: 'verify', done, total: all.length, detail: target }]);
            }
            const differences = await verifyRollup(executor, target, { from, to, sample, repair });
            found.push(...differences.map((one) => ({ target, ...one })));
            looked.push(`${target}: ${tell(differences.length, repair)}`);
          }
        },
        { statementTimeoutMs: dayMs },
      );
      if (json) {
        printJson({ differences: found });
      } else {
        process.stdout.write(`${looked.length === 0 ? 'no rollups yet' : looked.join('\n')}\n`);
        if (found.length > 0) {
          printTable(
            ['target', 'bucket', 'group', 'column', 'expected', 'stored'],
            found.flatMap(tellValues),
          );
        }
      }
      process.exitCode = found.length === 0 ? exitCodes.done : exitCodes.found;
    });
}

function tell(differing: number, repair: boolean): string {
  if (differing === 0) return 'as its source says';
  return `${differing} ${differing === 1 ? 'group differs' : 'groups differ'}${repair ? ', to be computed again' : ''}`;
}

/** One line for each column that differs; for a row that is missing, or is too much, its number of rows. */
function tellValues({ bucket, expected, stored, target }: Finding): Record<string, unknown>[] {
  const either = expected ?? stored ?? {};
  const columns =
    expected === null || stored === null
      ? ['row_count']
      : Object.keys(expected).filter(
          (column) => JSON.stringify(expected[column]) !== JSON.stringify(stored[column]),
        );
  const group = Object.entries(either)
    .slice(1, Object.keys(either).indexOf('row_count'))
    .map(([name, value]) => `${name} ${JSON.stringify(value)}`)
    .join(', ');
  return columns.map((column) => ({
    target,
    bucket,
    group,
    column,
    expected: expected === null ? 'no row' : expected[column],
    stored: stored === null ? 'no row' : stored[column],
  }));
}

function atLeastOne(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError('It must be a whole number of buckets, 1 or more.');
  }
  return value;
}
