import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const runCommand = new URL('./run-command.mjs', import.meta.url).href;
let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'silver-launcher-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** A launcher that runs `program`; resolves once that has printed its process id. */
async function launch(program: string) {
  const script = join(directory, 'command.mjs');
  writeFileSync(script, `${program}\nconsole.log(process.pid);`);
  const start = `import { runCommand } from ${JSON.stringify(runCommand)}; runCommand(${JSON.stringify(script)}, []);`;
  const launcher = spawn(process.execPath, ['--input-type=module', '--eval', start], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const output = createInterface({ input: launcher.stdout });
  output.on('line', (line) => lines.push(line));
  const ended = once(launcher, 'close');
  await once(output, 'line');
  return { launcher, command: Number(lines[0]), lines, ended };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const untilTold = `
  setInterval(() => undefined, 1_000);
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => { console.log(signal); setTimeout(() => process.exit(7), 200); });
  }`;

describe('runCommand', () => {
  it('ends with the exit code of the command', async () => {
    const { ended } = await launch('process.exitCode = 3;');
    expect(await ended).toEqual([3, null]);
  });

  it('dies of the signal that the command died of', async () => {
    const { command, ended } = await launch('setInterval(() => undefined, 1_000);');
    process.kill(command, 'SIGTERM');
    expect(await ended).toEqual([null, 'SIGTERM']);
  });

  it('waits for a command that takes its time to stop', async () => {
    const { launcher, command, lines, ended } = await launch(untilTold);
    launcher.kill('SIGTERM');
    expect(await ended).toEqual([7, null]);
    expect(lines.slice(1)).toEqual(['SIGTERM']);
    expect(isAlive(command)).toBe(false);
  });

  it('passes a Ctrl-C on once, though npm sends it a second time', async () => {
    const { launcher, lines, ended } = await launch(untilTold);
    interruptTwice(launcher);
    expect(await ended).toEqual([7, null]);
    expect(lines.slice(1)).toEqual(['SIGINT']);
  });

  it('leaves no command behind when it is killed with SIGKILL', async () => {
    const { launcher, command } = await launch('setInterval(() => undefined, 1_000);');
    launcher.kill('SIGKILL');
    await expect.poll(() => isAlive(command), { timeout: 10_000 }).toBe(false);
  });
});

/** Signals that arrive while one is pending are merged by the kernel: so the second one comes a moment later. */
function interruptTwice(launcher: ChildProcess): void {
  launcher.kill('SIGINT');
  setTimeout(() => launcher.kill('SIGINT'), 50);
}
