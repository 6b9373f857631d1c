import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const pollMs = 20;

/** Does what a supervisor that was killed can no longer do: ends its server, if it still runs, and removes the directory unless it is kept. */
export async function endOrphanedServer(directory: string, keep: boolean): Promise<void> {
  const pid = postmasterPid(directory);
  while (pid !== undefined && signal(pid, keep ? 'SIGINT' : 'SIGQUIT')) {
    await setTimeout(pollMs);
  }
  if (keep) {
    return;
  }
  rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

function postmasterPid(directory: string): number | undefined {
  try {
    const [line] = readFileSync(join(directory, 'data', 'postmaster.pid'), 'utf8').split('\n');
    return Number(line) > 0 ? Number(line) : undefined;
  } catch {
    return undefined; // It had not started, or had removed the file at its end.
  }
}

/** False once the process is gone. */
function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
