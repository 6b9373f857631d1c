import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';

const silver = fileURLToPath(new URL('../../../packages/cli/src/main.ts', import.meta.url));

/** Whether commands can be run in a pseudo-terminal here: by util-linux's `script`, for a native module would have to be built. */
export const hasTerminal = spawnSync('script', ['--version']).status === 0;

export interface CommandRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface RunningCommand {
  readonly child: ChildProcess;
  /** What it has written so far, to both. */
  said(): string;
  readonly ended: Promise<CommandRun>;
}

/** CI is set, as it is there: a pipe must not be painted all the same. */
function environment(databaseUrl: string | undefined): NodeJS.ProcessEnv {
  const { DATABASE_URL: _, NO_COLOR: _noColor, FORCE_COLOR: _forced, ...inherited } = process.env;
  return {
    ...inherited,
    CI: '1',
    TERM: 'xterm-256color',
    SILVER_POLL_INTERVAL_MS: '500',
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
  };
}

/** Starts `silver …` with pipes for its output. */
export function startPiped(
  databaseUrl: string | undefined,
  args: readonly string[],
): RunningCommand {
  return follow(
    spawn(process.execPath, [silver, ...args], {
      env: environment(databaseUrl),
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    }),
  );
}

/** Wide enough for every table: a cell that is wrapped cannot be searched for what it says. */
export const columns = 220;

/** Starts `silver …` in a pseudo-terminal of `columns` columns; what it writes comes as standard output, with the terminal's line ends taken out. */
export function startInTerminal(
  databaseUrl: string | undefined,
  args: readonly string[],
): RunningCommand {
  const quoted = [process.execPath, silver, ...args].map(
    (word) => `'${word.replaceAll("'", "'\\''")}'`,
  );
  const command = `stty cols ${columns} rows 40; exec ${quoted.join(' ')}`;
  return follow(
    spawn('script', ['-qefc', command, '/dev/null'], {
      env: { ...environment(databaseUrl), SHELL: '/bin/sh' },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    }),
  );
}

/** Leaders of the process groups of commands that have not ended. */
const running = new Set<number>();

/**
 * Ends what a test that failed or timed out left running: the whole group of each command, by its number. `script` gives its command a
 * session of its own, which the end of the terminal hangs up; what ignores that is found by its parent.
 */
afterEach(() => {
  for (const leader of [...running]) {
    for (const pid of [...childrenOf(leader), leader]) {
      try {
        process.kill(-pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    }
    running.delete(leader);
  }
});

/** Processes whose parent is this one, as the kernel of Linux tells them; elsewhere none. */
function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter((child) => child !== '')
      .map(Number);
  } catch {
    return [];
  }
}

function follow(child: ChildProcess): RunningCommand {
  const { pid } = child;
  if (pid !== undefined) {
    running.add(pid);
    child.once('exit', () => running.delete(pid));
  }
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (data) => {
    stdout += String(data).replaceAll('\r\n', '\n');
  });
  child.stderr?.on('data', (data) => {
    stderr += data;
  });
  child.stdin?.on('error', () => undefined);
  const ended = once(child, 'close').then(([code]) => ({ code, stdout, stderr }));
  return { child, said: () => stdout + stderr, ended };
}
