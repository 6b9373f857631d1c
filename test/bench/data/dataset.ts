import type { Connection } from '@silver/demo';

export interface LoadContext {
  readonly client: Connection['client'];
  /** Rows of the big data sets; a smaller one takes its share. */
  readonly rows: number;
  /** The same seed and size give the same rows. */
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Rows that scenarios measure on: loaded once a run of the bench, and copied for every measurement. */
export interface Dataset {
  readonly name: string;
  /** The table that holds the rows; it is vacuumed, and read once after each copy. */
  readonly table: string;
  load(context: LoadContext): Promise<void>;
}
