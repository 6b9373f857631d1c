import { readdirSync, readFileSync } from 'node:fs';

/** Inherited by every process that the tests start. */
const marker = 'SILVER_TEST_RUN';

/**
 * Marks this process, so that what it starts from now on can be told from everything else on the machine. Returns the mark: the first
 * one, where several projects of a run are set up in one process.
 */
export function markProcesses(run: string): string {
  process.env[marker] ??= run;
  return process.env[marker];
}

/** Starts what outlives the tests, such as their server: nothing that a test left behind. */
export async function startUnmarked<Started>(start: () => Promise<Started>): Promise<Started> {
  const { [marker]: mark } = process.env;
  delete process.env[marker];
  try {
    return await start();
  } finally {
    if (mark !== undefined) {
      process.env[marker] = mark;
    }
  }
}

/**
 * Processes of the run that are still there, besides vitest's own workers. Their environment is read as the kernel keeps it,
 * so this works on Linux only; elsewhere it finds none.
 */
export function leftProcesses(run: string): string[] {
  if (process.platform !== 'linux') {
    return [];
  }
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((pid) => read(pid, 'environ').includes(`${marker}=${run}`))
    .map((pid) => ({ pid, command: read(pid, 'cmdline').join(' ').trim() }))
    .filter(({ command }) => command !== '' && !command.includes('vitest'))
    .map(({ pid, command }) => `process ${pid}: ${command.slice(0, 200)}`);
}

/** The fields of a file of `/proc`; none when the process has ended meanwhile, or is somebody else's. */
function read(pid: string, file: 'environ' | 'cmdline'): string[] {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
