import { fileURLToPath } from 'node:url';
import { type SupervisedProcess, superviseProcess } from './supervise-process.ts';

/** The command `silver`, as this workspace has it. */
const silverMain = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url));

export interface MemberOptions {
  readonly databaseUrl: string;
  readonly role: 'scheduler' | 'worker';
  /** How it is called on the screen: `worker 1`. */
  readonly name: string;
  /** Environment variables over those of this process and of the demo. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Ends in a row right after a start after which it is given up. */
  readonly maxFailedStarts?: number;
  readonly onNote: (line: string) => void;
  readonly onGiveUp: (error: Error) => void;
}

/** Chunks are short; past this a worker's chunk is cancelled, and its work is simply not done yet. */
const stopGraceMs = 3_000;
const stopTimeoutMs = 8_000;

/** Starts `silver scheduler` or `silver worker` as a process of its own, one chunk at a time, and keeps it running. */
export function startMember({
  databaseUrl,
  maxFailedStarts,
  name,
  onGiveUp,
  onNote,
  role,
  variables,
}: MemberOptions): SupervisedProcess {
  return superviseProcess({
    name,
    argv: ['--v8-pool-size=1', silverMain, role], // as its first line has it
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      LOG_LEVEL: 'info',
      SILVER_STOP_GRACE_MS: String(stopGraceMs),
      SILVER_WORKER_CONCURRENCY: '1',
      ...variables,
    },
    isReady: (line) => line.includes(`${role} started`),
    stopTimeoutMs,
    maxFailedStarts,
    onStart: (pid) => onNote(`${name} started, pid ${pid}`),
    onRestart: (how) => onNote(`${name} ended ${how}; starting it again`),
    onGiveUp,
  });
}
