/** What a soak reads every so often. */
export interface Sample {
  readonly connections: number;
  readonly deadTuples: number;
  readonly logRows: number;
  readonly chunkRows: number;
  readonly chunksDone: number;
  readonly worstLagS: number;
  /** Resident memory of scheduler and workers. */
  readonly memoryMb: readonly number[];
}

/** A level may be this much higher in the last third than in the second; the first warms up. */
const mostGrowth = 1.3;
/** Levels as low as this are noise. */
const noise = {
  connections: 5,
  deadTuples: 5_000,
  logRows: 200,
  chunkRows: 100,
  memoryMb: 30,
} as const;

/** What grew: a sentence each; none when all was flat and chunks were done all along. */
export function verdictOf(samples: readonly Sample[]): string[] {
  const third = Math.floor(samples.length / 3);
  if (third === 0) {
    return [`${samples.length} samples are too few to tell`];
  }
  const middle = samples.slice(third, 2 * third);
  const end = samples.slice(2 * third);
  const grew = (name: keyof typeof noise, of: (sample: Sample) => number) => {
    const [before, after] = [median(middle.map(of)), median(end.map(of))];
    return after > before * mostGrowth + noise[name]
      ? [`${name} grew from ${before} to ${after}`]
      : [];
  };
  const done = (samples.at(-1)?.chunksDone ?? 0) - (samples[third]?.chunksDone ?? 0);
  return [
    ...grew('connections', ({ connections }) => connections),
    ...grew('deadTuples', ({ deadTuples }) => deadTuples),
    ...grew('logRows', ({ logRows }) => logRows),
    ...grew('chunkRows', ({ chunkRows }) => chunkRows),
    ...grew('memoryMb', ({ memoryMb }) => Math.max(...memoryMb)),
    ...(done > 0 ? [] : ['no chunk was done']),
  ];
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
}
