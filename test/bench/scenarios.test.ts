import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { driftBetween } from './report/compare-reports.ts';
import { type BenchReport, readReport, reportOf, writeReport } from './report/report.ts';
import { allScenarios } from './scenarios/all-scenarios.ts';
import { type BenchServer, startBenchServer } from './server/start-bench-server.ts';

/** Enough for every scenario to do each of its steps; no time is judged here. */
const rows = 6_000;

/** What was divided by nothing, say, and would be lost in the report. */
const isNoNumber = ([, value]: [string, number | string]) =>
  typeof value === 'number' && !Number.isFinite(value);

// Side by side, those that take longest first: most of a trial is waiting.
describe('the bench', () => {
  const stop = new AbortController();
  const measured: BenchReport = { settings: {}, scenarios: [] };
  let server: BenchServer;
  beforeAll(async () => {
    const silent = () => undefined;
    server = await startBenchServer({ rows, seed: 1, signal: stop.signal, say: silent });
  }, 120_000);
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  }, 60_000);

  for (const scenario of allScenarios.toReversed()) {
    it.concurrent(`measures what ${scenario.name} compares`, async () => {
      const { copyOf } = server;
      const { signal } = stop;
      const measurements = await scenario.run({
        copyOf,
        rows,
        rounds: 1,
        signal,
        say: () => undefined,
      });
      const report = reportOf(scenario, measurements);
      measured.scenarios.push(report);
      expect(report.variants.length).toBeGreaterThan(1);
      for (const { details, medianMs, variant } of report.variants) {
        expect(medianMs, variant).toBeGreaterThan(0);
        expect(Object.entries(details).filter(isNoNumber), variant).toEqual([]);
      }
      const measuredHere = new Set(report.variants.map(({ variant }) => variant));
      for (const { name, of } of scenario.ratios.filter((one) => measuredHere.has(one.of))) {
        expect(report.ratios.find((one) => one.name === name)?.median, of).toBeGreaterThan(0);
      }
      for (const { variant } of report.plots.flatMap(({ curves }) => curves)) {
        const points = report.variants.filter((one) => one.variant.startsWith(`${variant}, `));
        expect(new Set(points.map(({ details }) => details['x'])).size, variant).toBeGreaterThan(1);
      }
      for (const { median, name } of report.limits) {
        expect(median, name).not.toBeNull();
      }
    }, 400_000);
  }

  it('writes a report that can be compared with another', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'silver-bench-'));
    try {
      const file = join(directory, 'report.json');
      await writeReport(file, measured);
      const drift = driftBetween(measured, await readReport(file));
      expect(drift.length).toBeGreaterThan(allScenarios.length);
      expect(drift.filter(({ after, before }) => after !== before)).toEqual([]);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
