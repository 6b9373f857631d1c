/** What a step of the demonstration took. */
export interface Lap {
  readonly step: string;
  readonly durationMs: number;
}

export interface Stopwatch {
  readonly laps: readonly Lap[];
  /** Runs a step and notes what it took, whether it succeeds or not. */
  time<Result>(step: string, run: () => Promise<Result>): Promise<Result>;
  totalMs(): number;
}

/** Starts a stopwatch. */
export function createStopwatch(): Stopwatch {
  const startedAt = performance.now();
  const laps: Lap[] = [];
  return {
    laps,
    time: async (step, run) => {
      const begin = performance.now();
      try {
        return await run();
      } finally {
        laps.push({ step, durationMs: performance.now() - begin });
      }
    },
    totalMs: () => performance.now() - startedAt,
  };
}
