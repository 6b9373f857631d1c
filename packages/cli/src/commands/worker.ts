import { startWorker } from '@silver/worker';
import type { Command } from 'commander';
import { runAsService } from '../run-as-service.ts';
import { configOf } from '../with-database.ts';

/** `silver worker`: runs chunks until stopped. */
export function addWorkerCommand(program: Command): void {
  program
    .command('worker')
    .description('run chunks until stopped; any number may run')
    .option(
      '-c, --concurrency <number>',
      'chunks to run at once (default: SILVER_WORKER_CONCURRENCY)',
    )
    .action(async (_: object, command: Command) => {
      await runAsService('worker', configOf(command), startWorker);
    });
}
