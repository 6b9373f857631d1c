import type { DatabaseCopies } from './database-copies.ts';

/** What a scenario gets to work with. */
export interface BenchContext {
  /** Databases with the flights and Silver's schema in them, one for every measurement. */
  readonly copies: DatabaseCopies;
  /** Rows in public.flights. */
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
  /** Whatever explains the time: chunks, busy shares, plans. */
  readonly details: Readonly<Record<string, number | string>>;
}

/** One variant's time over another's, and what is wanted of it. */
export interface Ratio {
  readonly name: string;
  readonly of: string;
  readonly to: string;
  readonly wanted: number | null;
}

/** A benchmark: one file in `scenarios/`, listed in `main.ts`. */
export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly ratios: readonly Ratio[];
  /** Settings that hold for every variant alike, to be printed. */
  readonly settings: Readonly<Record<string, string>>;
  run(context: BenchContext): Promise<readonly Measurement[]>;
}
