import { startScheduler } from '@silver/scheduler';
import type { Command } from 'commander';
import { runAsService } from '../run-as-service.ts';
import { configOf } from '../with-database.ts';

/** `silver scheduler`: plans until stopped. */
export function addSchedulerCommand(program: Command): void {
  program
    .command('scheduler')
    .description('cut due work into chunks and enqueue them, until stopped; any number may run')
    .action(async (_: object, command: Command) => {
      await runAsService('scheduler', configOf(command), startScheduler);
    });
}
