import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { Refusal } from '../refusal.ts';
import type { Measurement, Scenario } from '../scenario.ts';
import { summarizeLimits, summarizeRatios, summarizeVariants } from './summarize.ts';

const judged = z.object({
  name: z.string(),
  median: z.number().nullable(),
  wanted: z.number().nullable(),
  isAsWanted: z.boolean().nullable(),
});

const run = z.object({
  rows: z.string(),
  rounds: z.string(),
  seed: z.string(),
  measured: z.string(),
});

/** What differs from run to run of one machine. */
export type Run = z.output<typeof run>;

const scenarioReport = z.object({
  scenario: z.string(),
  description: z.string(),
  variants: z.array(
    z.object({
      variant: z.string(),
      medianMs: z.number(),
      minMs: z.number(),
      maxMs: z.number(),
      details: z.record(z.string(), z.union([z.number(), z.string()])),
    }),
  ),
  ratios: z.array(judged),
  limits: z.array(judged),
  plots: z
    .array(
      z.object({
        name: z.string(),
        title: z.string(),
        x: z.string(),
        isLog: z.boolean(),
        curves: z.array(z.object({ label: z.string(), variant: z.string() })),
      }),
    )
    .default([]),
  /** In which run it was measured, where several have been put together; else the settings say so. */
  run: run.optional(),
});

const benchReport = z.object({
  /** The machine, the programs and their settings, without which no time means anything; `rows`, `rounds`, `seed`, and when. */
  settings: z.record(z.string(), z.string()),
  scenarios: z.array(scenarioReport),
});

export type ScenarioReport = z.output<typeof scenarioReport>;
export type BenchReport = z.output<typeof benchReport>;

/** What a scenario measured, in short: medians, spread, ratios. */
export function reportOf(
  { description, limits, name, plots = [], ratios }: Scenario,
  measurements: readonly Measurement[],
): ScenarioReport {
  return {
    scenario: name,
    description,
    variants: summarizeVariants(measurements),
    ratios: summarizeRatios(measurements, ratios),
    limits: summarizeLimits(measurements, limits),
    plots: plots.map(({ curves, ...plot }) => ({ ...plot, curves: [...curves] })),
  };
}

/** The run that measured a scenario of a report. */
export function runOf({ settings }: BenchReport, scenario: ScenarioReport): Run {
  const { measured = 'unknown', rounds = 'unknown', rows = 'unknown', seed = 'unknown' } = settings;
  return scenario.run ?? { rows, rounds, seed, measured };
}

export async function writeReport(file: string, report: BenchReport): Promise<void> {
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
}

/** Reads a report that `--json` wrote; a file that is none, or not there, is refused by name. */
export async function readReport(file: string): Promise<BenchReport> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new Refusal(`${file} cannot be read: ${cause.message}`, { cause });
  });
  try {
    return benchReport.parse(JSON.parse(text));
  } catch (cause) {
    throw new Refusal(`${file} is no report of the bench: run npm run bench -- --json ${file}`, {
      cause,
    });
  }
}
