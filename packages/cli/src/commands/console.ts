import type { Command } from 'commander';
import { runAsService } from '../run-as-service.ts';
import { configOf } from '../with-database.ts';

/** `silver console`: the console in the browser, until stopped. */
export function addConsoleCommand(program: Command): void {
  program
    .command('console')
    .description('serve the console: freshness, coverage and failures in the browser')
    .option('--host <address>', 'address to listen on (default: SILVER_CONSOLE_HOST)')
    .option('--port <number>', 'port to listen on, 0 for a free one (default: SILVER_CONSOLE_PORT)')
    .option('--act', 'let it act, not only read (default: SILVER_CONSOLE_ACT)')
    .action(
      async (
        { act, host, port }: { act?: true; host?: string; port?: string },
        command: Command,
      ) => {
        const config = configOf(command, {
          consoleAct: act === true ? 'on' : undefined,
          consoleHost: host,
          consolePort: port,
        });
        // Only where it is served: it takes 17 MB that a worker has no use for.
        const { startConsole } = await import('@silver/console');
        await runAsService('console', config, startConsole);
      },
    );
}
