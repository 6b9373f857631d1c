import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { waitUntil } from '../support/wait-until.ts';

const demo = fileURLToPath(new URL('../../packages/demo/src/main.ts', import.meta.url));

function startDemo(args: readonly string[]) {
  const child = spawn(process.execPath, [demo, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      said.text += data;
    });
  }
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  return { child, said, ended };
}

/** Process ids of a demo's scheduler and workers, as the demo prints none: by their parent. */
async function childrenOf(pid: number): Promise<number[]> {
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return text.trim().split(' ').filter(Boolean).map(Number);
}

async function commandOf(pid: number): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
}

const directories = () =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith('silver-'))
    .sort();

describe('the demo, in small', () => {
  it('ends with every bucket right, also when a worker and the scheduler are killed with SIGKILL', async () => {
    const { child, said, ended } = startDemo(['--rows', '400000']);
    await waitUntil('the fleet works', async () => said.text.includes('chunks done'), 90_000);
    const killed: string[] = [];
    for (const pid of await childrenOf(child.pid ?? 0)) {
      const command = await commandOf(pid);
      if (/main\.ts (worker|scheduler)/.test(command)) {
        process.kill(pid, 'SIGKILL');
        killed.push(command);
      }
    }
    const [code] = await ended;
    expect(killed.length, said.text).toBe(3);
    expect(said.text.trimEnd().split('\n').at(-1)).toMatch(
      /^demo: ok, \d+ rows, \d+ buckets, 0 mismatches$/,
    );
    expect(code).toBe(0);
  }, 240_000);

  it.each([
    ['while PostgreSQL starts', /./],
    ['while rows are copied', /copy into/],
    ['while workers run', /chunks done/],
  ])(
    'leaves no process and no directory when interrupted %s',
    async (_when, sign) => {
      const before = directories();
      const { child, said, ended } = startDemo(['--rows', '400000']);
      await waitUntil(
        'it got there',
        async () => sign.source === '.' || sign.test(said.text),
        90_000,
      );
      const children = await childrenOf(child.pid ?? 0);
      child.kill('SIGINT');
      const [code, signal] = await ended;
      expect(signal ?? code).not.toBe(0);
      await waitUntil('all of its processes are gone', async () => {
        const commands = await Promise.all(children.map(commandOf));
        return commands.every((command) => !command.includes('silver'));
      });
      await waitUntil('its directories are gone', async () =>
        directories().every((name) => before.includes(name) || !name.startsWith('silver-demo-')),
      );
    },
    150_000,
  );
});
