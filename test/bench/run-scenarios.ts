import { printReport } from './report/print-report.ts';
import { type BenchReport, reportOf } from './report/report.ts';
import type { Scenario } from './scenario.ts';
import {
  type BenchServer,
  type BenchServerOptions,
  sessionSettings,
} from './server/start-bench-server.ts';

export interface RunOptions {
  readonly scenarios: readonly Scenario[];
  readonly rows: number;
  readonly rounds: number;
  readonly seed: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** Is given all that there is so far after each scenario: a run takes long, and may be ended. */
  readonly keep: (report: BenchReport) => Promise<void>;
  /** Starts the server to measure in, or finds it. */
  readonly open: (options: BenchServerOptions) => Promise<BenchServer>;
}

/** Runs scenarios one after the other in one server, prints each and returns all. */
export async function runScenarios({
  keep,
  open,
  rounds,
  rows,
  say,
  scenarios,
  seed,
  signal,
}: RunOptions): Promise<BenchReport> {
  await using server = await open({ rows, seed, signal, say });
  const settings = {
    ...server.settings,
    ...sessionSettings,
    'chunks at once per worker': '1',
    rows: String(rows),
    rounds: String(rounds),
    seed: String(seed),
    measured: new Date().toISOString().slice(0, 16).replace('T', ' '),
  };
  say(
    Object.entries(settings)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  );
  const reports = [];
  for (const scenario of scenarios) {
    const { copyOf } = server;
    const report = reportOf(scenario, await scenario.run({ copyOf, rounds, rows, signal, say }));
    printReport(report);
    reports.push(report);
    await keep({ settings, scenarios: reports });
  }
  return { settings, scenarios: reports };
}
