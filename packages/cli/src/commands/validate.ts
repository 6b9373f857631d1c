import { callRoutine } from '@silver/shared';
import type { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { showRows } from '../output/show-rows.ts';

/** `silver validate`: what is wrong, or will be, with the rollups. */
export function addValidateCommand(program: Command): void {
  program
    .command('validate')
    .description(
      'look for what is wrong, or will be, in the settings and tables of every rollup; exit code 5 on an error',
    )
    .option('--json', 'print the findings as json')
    .action(async (_: object, command: Command) => {
      const findings = await showRows(
        command,
        (executor) => callRoutine(executor, 'validate_rollup_config'),
        { columns: ['severity', 'target_table', 'code', 'message', 'remedy'], none: 'all is well' },
      );
      if (findings.some((finding) => finding['severity'] === 'error')) {
        process.exitCode = exitCodes.found;
      }
    });
}
