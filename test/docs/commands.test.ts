import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endProcess, startSilver } from '../integration/silver-under-test.ts';
import { useDatabase } from '../support/use-database.ts';
import { codeBlocks } from './script/code-blocks.ts';
import { parseCommands } from './script/parse-commands.ts';
import { runScript } from './script/run-script.ts';

const root = join(import.meta.dirname, '../..');
const documents = globSync(['*.md', 'docs/*.md', 'docs/runbooks/*.md', 'deploy/**/*.md'], {
  cwd: root,
});
/** Every `npm run silver -- …` of the documents, once. */
const calls = [
  ...new Set(
    documents
      .flatMap((path) => codeBlocks(readFileSync(join(root, path), 'utf8'), 'sh'))
      .flatMap(parseCommands)
      .filter(({ script }) => script === 'silver')
      .map(({ args }) => args.join(' '))
      // These need an order, or make a server of their own: test/e2e/cli runs them.
      .filter((call) => !/^(up\b|backfill (cancel|watch)\b)/.test(call)),
  ),
].toSorted();
const runsUntilStopped = /^(console|scheduler|worker)\b/;
const saysItRuns = /started|http:\/\//;

describe('the commands of the documents, run', { timeout: 120_000 }, () => {
  const database = useDatabase();
  const processes: ChildProcess[] = [];
  beforeAll(async () => {
    const setup = readFileSync(join(root, 'docs/reference/setup.sql'), 'utf8');
    expect(await runScript(database.url, setup)).toEqual([]);
  });
  afterAll(async () => {
    await Promise.all(processes.map((child) => endProcess(child, 'SIGKILL')));
  });

  it.for(calls)('silver %s', async (call) => {
    const args = onFreePort(call).split(' ');
    const child = startSilver(database.url, args, { LOG_LEVEL: 'info' });
    processes.push(child);
    const output: string[] = [];
    child.stdout?.on('data', (data) => output.push(String(data)));
    child.stderr?.on('data', (data) => output.push(String(data)));
    const ended = once(child, 'exit');
    if (runsUntilStopped.test(call)) {
      const runs = new Promise<void>((resolve) => {
        child.stdout?.on('data', () => saysItRuns.test(output.join('')) && resolve());
      });
      await Promise.race([runs, ended]);
      child.kill('SIGTERM');
    }
    const [code] = await ended;
    expect([code, output.join('')]).toEqual([0, expect.stringMatching(/\S/)]);
  });
});

/** A port that a document names may be taken here. */
function onFreePort(call: string): string {
  const free = call.replace(/ --port \d+/, '');
  return call.startsWith('console') ? `${free} --port 0` : free;
}
