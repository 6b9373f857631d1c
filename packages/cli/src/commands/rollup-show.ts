import { type Executor, readRelation, rollupIdOf } from '@silver/shared';
import type { Command } from 'commander';
import { paint } from '../output/paint.ts';
import { printJson, printTable, type Row, showValue } from '../output/print-rows.ts';
import { withDatabase } from '../with-database.ts';

/** `silver rollup show TARGET`: settings, state and columns of one rollup. */
export function addRollupShowCommand(rollup: Command): void {
  rollup
    .command('show')
    .description('show the settings, the state and the columns of a rollup')
    .argument('<target>', 'its target, as schema.table')
    .option('--json', 'print it as json')
    .action(async (target: string, { json }: { json?: boolean }, command: Command) => {
      const shown = await withDatabase(command, (executor) => readRollup(executor, target));
      if (json) {
        printJson(shown);
        return;
      }
      for (const [title, row] of [
        ['state', shown.state],
        ['settings', shown.settings],
        ['progress', shown.progress],
      ] as const) {
        process.stdout.write(`${paint.bold(title)}\n${describe(row)}\n\n`);
      }
      printTable(['column_name', 'role', 'metric', 'column_type', 'composes'], shown.columns);
    });
}

async function readRollup(executor: Executor, target: string) {
  const id = await rollupIdOf(executor, target);
  const read = (relation: string, order = 'rollup_id') =>
    readRelation(executor, relation, { by: ['rollup_id', 'integer', id], order });
  const [settings = {}] = await read('timeseries_rollup_config');
  const [state = {}] = await read('timeseries_operations_monitor');
  const [progress = {}] = await read('timeseries_progress');
  const columns = await read('timeseries_rollup_column', 'position');
  return { settings, state, progress, columns };
}

function describe(row: Row): string {
  const told = Object.entries(row).filter(([, value]) => value !== null);
  const width = Math.max(...told.map(([name]) => name.length));
  return told.map(([name, value]) => `  ${name.padEnd(width)}  ${showValue(value)}`).join('\n');
}
