import type { MeasuredVariant } from '../in-rounds.ts';
import type { BenchContext, Plot } from '../scenario.ts';

/** One thing that grows while the rest stays as it is. */
export interface GrowthPart {
  readonly plot: Plot;
  measure(context: BenchContext): Promise<readonly MeasuredVariant[]>;
}

/** A point of a curve: `x` is what grew. Other details explain it. */
export function pointOf(
  curve: string,
  x: number,
  durationMs: number,
  details: Readonly<Record<string, number>> = {},
): MeasuredVariant {
  return { variant: `${curve}, ${x}`, durationMs, details: { x, ...details } };
}
