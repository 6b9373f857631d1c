import type { Measurement, Ratio } from './scenario.ts';

export interface VariantSummary {
  readonly variant: string;
  readonly medianMs: number;
  readonly minMs: number;
  readonly maxMs: number;
}

export interface RatioSummary extends Ratio {
  /** Median of the ratios within each round: what slows a whole round down does not count. */
  readonly median: number;
  readonly isAsWanted: boolean | null;
}

/** Median, least and most of each variant, in the order of their first appearance. */
export function summarizeVariants(measurements: readonly Measurement[]): VariantSummary[] {
  const byVariant = Map.groupBy(measurements, ({ variant }) => variant);
  return [...byVariant].map(([variant, own]) => {
    const times = own.map(({ durationMs }) => durationMs);
    return {
      variant,
      medianMs: median(times),
      minMs: Math.min(...times),
      maxMs: Math.max(...times),
    };
  });
}

/** Each ratio, round by round. */
export function summarizeRatios(
  measurements: readonly Measurement[],
  ratios: readonly Ratio[],
): RatioSummary[] {
  return ratios.map((ratio) => {
    const perRound = measurements
      .filter(({ variant }) => variant === ratio.of)
      .flatMap(({ durationMs, round }) => {
        const base = measurements.find((one) => one.variant === ratio.to && one.round === round);
        return base === undefined ? [] : [durationMs / base.durationMs];
      });
    const value = median(perRound);
    return {
      ...ratio,
      median: value,
      isAsWanted: ratio.wanted === null ? null : value <= ratio.wanted,
    };
  });
}

/** The middle one, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
