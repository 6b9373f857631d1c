import { Command } from 'commander';
import { addBackfillCancelCommand } from './commands/backfill-cancel.ts';
import { addBackfillListCommand } from './commands/backfill-list.ts';
import { addBackfillPlanCommand } from './commands/backfill-plan.ts';
import { addBackfillStartCommand } from './commands/backfill-start.ts';
import { addBackfillWatchCommand } from './commands/backfill-watch.ts';
import { addChunksCommand } from './commands/chunks.ts';
import { addCompletionCommand } from './commands/completion.ts';
import { addConsoleCommand } from './commands/console.ts';
import { addDeadDiscardCommand } from './commands/dead-discard.ts';
import { addDeadListCommand } from './commands/dead-list.ts';
import { addDeadRetryCommand } from './commands/dead-retry.ts';
import { addDeadShowCommand } from './commands/dead-show.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addRollupCreateCommand } from './commands/rollup-create.ts';
import { addRollupDropCommand } from './commands/rollup-drop.ts';
import { addRollupExplainCommand } from './commands/rollup-explain.ts';
import { addRollupListCommand } from './commands/rollup-list.ts';
import { addRollupPauseCommand } from './commands/rollup-pause.ts';
import { addRollupResumeCommand } from './commands/rollup-resume.ts';
import { addRollupShowCommand } from './commands/rollup-show.ts';
import { addRollupSyncCommand } from './commands/rollup-sync.ts';
import { addSchedulerCommand } from './commands/scheduler.ts';
import { addStatsCommand } from './commands/stats.ts';
import { addStatusCommand } from './commands/status.ts';
import { addTrackOffCommand } from './commands/track-off.ts';
import { addTrackOnCommand } from './commands/track-on.ts';
import { addUninstallCommand } from './commands/uninstall.ts';
import { addUpCommand } from './commands/up.ts';
import { addValidateCommand } from './commands/validate.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { addWorkerCommand } from './commands/worker.ts';
import { exitCodesHelp } from './exit-codes.ts';
import { settingsHelp } from './settings-help.ts';

/** The command line, with every command. */
export function buildProgram(): Command {
  const program = new Command('silver')
    .description(
      'Rolls raw time-series tables in PostgreSQL up into coarser tables: exactly, continuously, in parallel.',
    )
    .option('--database-url <url>', 'database to work on (default: DATABASE_URL)')
    .showHelpAfterError('(silver --help shows how)')
    .addHelpText('after', exitCodesHelp)
    .addHelpText('after', settingsHelp);

  addUpCommand(program);
  addMigrateCommand(program);
  addSchedulerCommand(program);
  addWorkerCommand(program);
  addStatusCommand(program);

  const rollup = program.command('rollup').description('declare rollups, look at them, end them');
  addRollupCreateCommand(rollup);
  addRollupListCommand(rollup);
  addRollupShowCommand(rollup);
  addRollupExplainCommand(rollup);
  addRollupPauseCommand(rollup);
  addRollupResumeCommand(rollup);
  addRollupSyncCommand(rollup);
  addRollupDropCommand(rollup);

  const backfill = program.command('backfill').description('have ranges of the past computed');
  addBackfillPlanCommand(backfill);
  addBackfillStartCommand(backfill);
  addBackfillListCommand(backfill);
  addBackfillWatchCommand(backfill);
  addBackfillCancelCommand(backfill);

  addChunksCommand(program);
  const dead = program.command('dead').description('deal with chunks that are out of attempts');
  addDeadListCommand(dead);
  addDeadShowCommand(dead);
  addDeadRetryCommand(dead);
  addDeadDiscardCommand(dead);

  addVerifyCommand(program);
  addValidateCommand(program);
  addStatsCommand(program);
  const track = program.command('track').description('switch the tracking of a source');
  addTrackOnCommand(track);
  addTrackOffCommand(track);
  addDoctorCommand(program);
  addConsoleCommand(program);
  addUninstallCommand(program);
  addCompletionCommand(program);
  return program;
}
