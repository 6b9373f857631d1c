import { readFile, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Measurement, Scenario } from '../scenario.ts';
import { summarizeLimits, summarizeRatios, summarizeVariants } from './summarize.ts';

const judged = z.object({
  name: z.string(),
  median: z.number().nullable(),
  wanted: z.number().nullable(),
  isAsWanted: z.boolean().nullable(),
});

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
});

const benchReport = z.object({
  /** The machine, the programs and their settings, without which no time means anything. */
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

export async function writeReport(file: string, report: BenchReport): Promise<void> {
  await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
}

/** Reads a report that `--json` wrote. Errors name the file. */
export async function readReport(file: string): Promise<BenchReport> {
  const text = await readFile(file, 'utf8');
  try {
    return benchReport.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(`${file} is no report of the bench: run npm run bench -- --json ${file}`, {
      cause,
    });
  }
}
