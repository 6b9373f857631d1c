import type { BenchContext, Measured, Measurement } from './scenario.ts';

export interface MeasuredVariant extends Measured {
  readonly variant: string;
}

/** For scenarios whose variants follow from each other in one database: measures them all, round after round. */
export async function inRounds(
  context: BenchContext,
  measureRound: (context: BenchContext) => Promise<readonly MeasuredVariant[]>,
): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (let round = 1; round <= context.rounds; round += 1) {
    for (const one of await measureRound(context)) {
      measurements.push({ round, ...one });
      context.say(`round ${round}: ${one.variant} ${(one.durationMs / 1000).toFixed(2)} s`);
    }
  }
  return measurements;
}
