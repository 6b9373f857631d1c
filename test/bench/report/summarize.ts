import type { Limit, Measurement, Ratio } from '../scenario.ts';
import type { ScenarioReport } from './report.ts';

type VariantSummary = ScenarioReport['variants'][number];
type Judged = ScenarioReport['ratios'][number];

/** Median, least and most of each variant, in the order of their first appearance, with the medians of its details. */
export function summarizeVariants(measurements: readonly Measurement[]): VariantSummary[] {
  const byVariant = Map.groupBy(measurements, ({ variant }) => variant);
  return [...byVariant].map(([variant, own]) => {
    const times = own.map(({ durationMs }) => durationMs);
    const names = [...new Set(own.flatMap(({ details }) => Object.keys(details)))];
    const details = names.map((name) => [name, medianDetail(own, name)] as const);
    return {
      variant,
      medianMs: median(times),
      minMs: Math.min(...times),
      maxMs: Math.max(...times),
      details: Object.fromEntries(details),
    };
  });
}

/** Each ratio: the median of those within each round, so that what slows a whole round down does not count. */
export function summarizeRatios(
  measurements: readonly Measurement[],
  ratios: readonly Ratio[],
): Judged[] {
  return ratios.map(({ name, of, to, wanted }) => {
    const perRound = measurements
      .filter(({ variant }) => variant === of)
      .flatMap(({ durationMs, round }) => {
        const base = measurements.find((one) => one.variant === to && one.round === round);
        return base === undefined ? [] : [durationMs / base.durationMs];
      });
    return judge(name, median(perRound), wanted);
  });
}

/** The medians of the details that are to stay below a bound. */
export function summarizeLimits(
  measurements: readonly Measurement[],
  limits: readonly Limit[],
): Judged[] {
  return limits.map(({ detail, name, variant, wanted }) => {
    const own = measurements.filter((one) => one.variant === variant);
    return judge(name, Number(medianDetail(own, detail)), wanted);
  });
}

function judge(name: string, value: number, wanted: number | null): Judged {
  const isAsWanted = wanted === null || Number.isNaN(value) ? null : value <= wanted;
  return { name, median: Number.isNaN(value) ? null : value, wanted, isAsWanted };
}

function medianDetail(measurements: readonly Measurement[], name: string): number | string {
  const values = measurements.flatMap(({ details }) => details[name] ?? []);
  const numbers = values.filter((value) => typeof value === 'number');
  return numbers.length === values.length ? median(numbers) : String(values[0]);
}

/** The middle one, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
