/** Seeds of runs that once found something, with what it was: at most ten. Run again for `seconds` each, the newest first. */
export const failedSeeds: readonly {
  readonly seed: number;
  readonly seconds: number;
  readonly found: string;
}[] = [];
