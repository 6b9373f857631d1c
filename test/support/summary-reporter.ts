import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** What a run came to; bin/test.ts prints it as the last line. */
export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Writes the true counts of a run to the file named by SILVER_TEST_SUMMARY. A file that did not load is one failure. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0 };
    for (const module of modules) {
      counts.failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed' || state === 'failed' || state === 'skipped') {
          counts[state] += 1;
        } else {
          counts.failed += 1; // Never ran to its end.
        }
      }
    }
    const file = process.env['SILVER_TEST_SUMMARY'];
    if (file !== undefined) {
      writeFileSync(file, JSON.stringify(counts satisfies TestSummary));
    }
  }
}
