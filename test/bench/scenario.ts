import type { Dataset } from './data/dataset.ts';
import type { DatabaseCopy } from './server/database-copies.ts';

/** What a scenario gets to work with. */
export interface BenchContext {
  /** A fresh copy of a data set, with Silver's schema in it and its pages in memory. Dropped with its scope. */
  copyOf(dataset: Dataset): Promise<DatabaseCopy>;
  /** Rows of the big data sets; others are made in proportion. */
  readonly rows: number;
  readonly rounds: number;
  readonly signal: AbortSignal;
  /** Tells what is being measured. */
  readonly say: (line: string) => void;
}

/** One measured run of one variant. */
export interface Measurement {
  readonly variant: string;
  readonly round: number;
  readonly durationMs: number;
  /** Whatever explains the time, or is wanted beside it: chunks, bytes of WAL, plans. */
  readonly details: Readonly<Record<string, number | string>>;
}

/** One variant's time over another's, and what is wanted of it. */
export interface Ratio {
  readonly name: string;
  readonly of: string;
  readonly to: string;
  readonly wanted: number | null;
}

/** A detail of a variant that is to stay below a bound whatever else took how long, such as bytes or a latency. */
export interface Limit {
  readonly name: string;
  readonly variant: string;
  readonly detail: string;
  readonly wanted: number;
}

/** Curves of one picture; a point is a variant named `CURVE, X` whose detail `x` says where it stands. */
export interface Plot {
  readonly name: string;
  readonly title: string;
  /** What grows, to the right. */
  readonly x: string;
  /** Both scales logarithmic: what grows in proportion is a straight line. */
  readonly isLog: boolean;
  readonly curves: readonly { readonly label: string; readonly variant: string }[];
}

/** A benchmark: one file in `scenarios/`, listed in `scenarios/all-scenarios.ts`. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly ratios: readonly Ratio[];
  readonly limits: readonly Limit[];
  readonly plots?: readonly Plot[];
  /** What a reader of the figures must know, as Markdown. */
  readonly explanation?: string;
  run(context: BenchContext): Promise<readonly Measurement[]>;
}

/** What a measurement says of itself; the rest is known by who asked for it. */
export type Measured = Omit<Measurement, 'round' | 'variant'>;

/** One of the ways that a scenario compares. */
export interface Variant {
  readonly name: string;
  measure(context: BenchContext): Promise<Measured>;
}

/** A run that only shows that everything works: scenarios leave out what differs from the rest by a number alone. */
export function isTrial({ rows }: Pick<BenchContext, 'rows'>): boolean {
  return rows < 100_000;
}

/** Measures every variant once a round; another one begins each round, so that none always follows the same. */
export async function measureInTurns(
  context: BenchContext,
  variants: readonly Variant[],
): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  for (let round = 1; round <= context.rounds; round += 1) {
    for (const [index] of variants.entries()) {
      const variant = variants[(index + round - 1) % variants.length] as Variant;
      const measured = await variant.measure(context);
      measurements.push({ variant: variant.name, round, ...measured });
      context.say(`round ${round}: ${variant.name} ${(measured.durationMs / 1000).toFixed(2)} s`);
    }
  }
  return measurements;
}
