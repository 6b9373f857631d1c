import type { Command } from 'commander';
import { checkAll } from '../doctor/check-all.ts';
import type { Finding } from '../doctor/finding.ts';
import { exitCodes } from '../exit-codes.ts';
import { paint } from '../output/paint.ts';
import { printJson } from '../output/print-rows.ts';
import { configOf } from '../with-database.ts';

const colours = { error: paint.red, warning: paint.yellow, info: paint.cyan } as const;

/** `silver doctor`: what is wrong, and the remedy. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description(
      'look for what is wrong: permissions, version, settings, pooler, clocks, triggers, disk; exit code 5 on an error',
    )
    .option('--json', 'print the findings as json')
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const { about, findings } = await checkAll(configOf(command));
      if (json) {
        printJson(findings);
      } else {
        process.stdout.write(findings.map(describe).join(''));
        const wrong = findings.filter(({ severity }) => severity !== 'info').length;
        const verdict = wrong === 0 ? 'all is well' : `${wrong} to mend`;
        process.stdout.write(`${about === undefined ? '' : `${about}: `}${verdict}\n`);
      }
      if (findings.some(({ severity }) => severity === 'error')) {
        process.exitCode = exitCodes.found;
      }
    });
}

function describe({ code, message, remedy, severity, target_table: target }: Finding): string {
  const about = target === null || target === undefined ? '' : `${target}: `;
  return `${colours[severity](severity)} ${code}\n  ${about}${message}\n  → ${remedy}\n`;
}
