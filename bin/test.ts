// Runs the tests and ends with one plain line that is true: "N passed, N failed".

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestSummary } from '../test/support/summary-reporter.ts';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const vitest = join(
  dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
  'vitest.mjs',
);
const directory = mkdtempSync(join(tmpdir(), 'silver-test-'));
const summaryFile = join(directory, 'summary.json');

const reporters = [
  '--reporter=default',
  `--reporter=${join(root, 'test/support/summary-reporter.ts')}`,
];
const run = spawn(process.execPath, [vitest, 'run', ...reporters, ...process.argv.slice(2)], {
  cwd: root,
  env: { ...process.env, SILVER_TEST_SUMMARY: summaryFile },
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => run.kill(signal));
}
const [code, signal] = await once(run, 'exit');
const summary = readSummary(code === 0);
rmSync(directory, { recursive: true, force: true });

const skipped = summary.skipped > 0 ? `, ${summary.skipped} skipped` : '';
console.log(`${summary.passed} passed, ${summary.failed} failed${skipped}`);
process.exitCode = signal === null && summary.failed === 0 && summary.passed > 0 ? 0 : 1;

/** A run that did not end well has a failure, even one that no test reports: a leak, a crash, a file that did not load. */
function readSummary(endedWell: boolean): TestSummary {
  let summary: TestSummary = { passed: 0, failed: 0, skipped: 0 };
  try {
    summary = JSON.parse(readFileSync(summaryFile, 'utf8'));
  } catch {
    endedWell = false;
  }
  return endedWell || summary.failed > 0 ? summary : { ...summary, failed: 1 };
}
