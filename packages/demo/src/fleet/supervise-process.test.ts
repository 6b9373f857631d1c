import { describe, expect, it, vi } from 'vitest';
import { type SuperviseOptions, superviseProcess } from './supervise-process.ts';

const patient = 'console.log("at work"); setInterval(() => undefined, 1000);';
const stubborn = `process.on("SIGTERM", () => undefined); ${patient}`;

function supervised(program: string, options: Partial<SuperviseOptions> = {}) {
  return superviseProcess({
    name: 'one',
    argv: ['--eval', program],
    env: process.env,
    isReady: (line) => line === 'at work',
    stopTimeoutMs: 5_000,
    onStart: () => undefined,
    onRestart: () => undefined,
    onGiveUp: () => undefined,
    ...options,
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('superviseProcess', () => {
  it('starts a process again that was killed, and ends it when asked', async () => {
    const pids: number[] = [];
    const onRestart = vi.fn();
    const one = supervised(patient, { onStart: (pid) => pids.push(pid), onRestart });
    await one.ready;
    process.kill(pids[0] ?? 0, 'SIGKILL');
    await vi.waitFor(() => expect(pids).toHaveLength(2), { timeout: 10_000 });
    expect(onRestart).toHaveBeenCalledWith('by SIGKILL');
    expect(one.restarts).toBe(1);
    await one[Symbol.asyncDispose]();
    expect(pids.map(isAlive)).toEqual([false, false]);
    expect(onRestart).toHaveBeenCalledTimes(1);
  });

  it('kills a process that does not stop in time', async () => {
    let pid = 0;
    const options = { stopTimeoutMs: 100, onStart: (started: number) => (pid = started) };
    const one = supervised(stubborn, options);
    await one.ready;
    await one[Symbol.asyncDispose]();
    expect(isAlive(pid)).toBe(false);
  });

  it('gives up on a process that never stays, and says what it printed', async () => {
    const given = Promise.withResolvers<Error>();
    const one = supervised('console.error("no such thing"); process.exit(3)', {
      onGiveUp: given.resolve,
    });
    const { message } = await given.promise;
    expect(message).toMatch(/one ended 5 times in a row .* with exit code 3/);
    expect(message).toContain('no such thing');
    await expect(one.ready).rejects.toThrow('one ended 5 times');
  });
}, 30_000);
