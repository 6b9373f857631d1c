#!/usr/bin/env node
import { Command } from 'commander';
import { addConsoleCommand } from './commands/console.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addRollupCreateCommand } from './commands/rollup-create.ts';
import { addRollupListCommand } from './commands/rollup-list.ts';
import { addSchedulerCommand } from './commands/scheduler.ts';
import { addStatusCommand } from './commands/status.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { addWorkerCommand } from './commands/worker.ts';
import { runProgram } from './run-program.ts';
import { settingsHelp } from './settings-help.ts';

const program = new Command('silver')
  .description(
    'Rolls raw time-series tables in PostgreSQL up into coarser tables: exactly, continuously, in parallel.',
  )
  .option('--database-url <url>', 'database to work on (default: DATABASE_URL)')
  .showHelpAfterError('(silver --help shows how)')
  .addHelpText('after', settingsHelp);

addMigrateCommand(program);
addSchedulerCommand(program);
addWorkerCommand(program);
addStatusCommand(program);
addVerifyCommand(program);
addConsoleCommand(program);
const rollup = program.command('rollup').description('declare rollups and look at them');
addRollupCreateCommand(rollup);
addRollupListCommand(rollup);

process.exitCode = await runProgram(program, process.argv);
