import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { pause } from '@silver/shared';

export interface SuperviseOptions {
  readonly name: string;
  /** The program, run with this very Node.js, and its arguments. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A line of its output that says it is at work. */
  readonly isReady: (line: string) => boolean;
  /** How long it may take to stop when asked; then it is killed. */
  readonly stopTimeoutMs: number;
  /** That many ends in a row right after a start are enough to give up; 5 by default. */
  readonly maxFailedStarts?: number | undefined;
  readonly onStart: (pid: number) => void;
  /** It ended without having been asked to, and is started again. */
  readonly onRestart: (how: string) => void;
  /** It ended too often in too short a time. */
  readonly onGiveUp: (error: Error) => void;
}

/** A process that is started again whenever it ends by itself, until it is stopped. */
export interface SupervisedProcess extends AsyncDisposable {
  readonly name: string;
  /** Undefined between an end and the next start. */
  readonly pid: number | undefined;
  readonly restarts: number;
  /** Resolves when it first said that it is at work. */
  readonly ready: Promise<void>;
}

const exitWithParent = new URL('./exit-with-parent.ts', import.meta.url).href;
/** A start that lasted less than this counts as failed. */
const shortLifeMs = 3_000;
const defaultMaxFailedStarts = 5;
const restartDelayMs = 250;
/** Lines of output kept to explain why it would not stay up. */
const keptLines = 20;

/**
 * Starts a process and keeps it running: one that is killed comes back, as any supervisor would have it.
 * It gets a session of its own, so that Ctrl-C in the terminal reaches only this program, which then stops all in order;
 * and it ends with this program, however that ends.
 */
export function superviseProcess(options: SuperviseOptions): SupervisedProcess {
  const { maxFailedStarts = defaultMaxFailedStarts, name, onGiveUp, onRestart } = options;
  const readiness = Promise.withResolvers<void>();
  readiness.promise.catch(() => undefined); // whoever waits for it hears of it
  const stopping = new AbortController();
  const output: string[] = [];
  let child: ChildProcess | undefined;
  let restarts = 0;

  const keepRunning = async () => {
    let failedStarts = 0;
    for (;;) {
      const startedAt = performance.now();
      child = start(options, output, readiness.resolve);
      const how = await endOf(child);
      child = undefined;
      if (stopping.signal.aborted) {
        return;
      }
      failedStarts = performance.now() - startedAt < shortLifeMs ? failedStarts + 1 : 0;
      if (failedStarts >= maxFailedStarts) {
        const error = new Error(
          `${name} ended ${failedStarts} times in a row right after its start, last ${how}:\n${output.join('\n')}`,
        );
        readiness.reject(error);
        onGiveUp(error);
        return;
      }
      restarts += 1;
      onRestart(how);
      await pause(restartDelayMs, stopping.signal);
      if (stopping.signal.aborted) {
        return;
      }
    }
  };
  const ended = keepRunning();

  return {
    name,
    get pid() {
      return child?.pid;
    },
    get restarts() {
      return restarts;
    },
    ready: readiness.promise,
    [Symbol.asyncDispose]: async () => {
      stopping.abort();
      readiness.reject(new Error(`${name} was stopped`));
      child?.kill('SIGTERM');
      const deadline = setTimeout(() => child?.kill('SIGKILL'), options.stopTimeoutMs);
      await ended;
      clearTimeout(deadline);
    },
  };
}

function start(options: SuperviseOptions, output: string[], onReady: () => void): ChildProcess {
  const child = spawn(process.execPath, ['--import', exitWithParent, ...options.argv], {
    detached: true,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) {
      continue; // never: both are pipes
    }
    createInterface({ input: stream }).on('line', (line) => {
      output.push(line);
      output.splice(0, output.length - keptLines);
      if (options.isReady(line)) {
        onReady();
      }
    });
  }
  if (child.pid !== undefined) {
    options.onStart(child.pid);
  }
  return child;
}

async function endOf(child: ChildProcess): Promise<string> {
  try {
    const [code, signal] = await once(child, 'exit');
    return signal === null ? `with exit code ${code}` : `by ${signal}`;
  } catch (error) {
    return `because it could not be started: ${String(error)}`;
  }
}
