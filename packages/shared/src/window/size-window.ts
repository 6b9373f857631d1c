/** Moving averages over a rollup's recent chunks. */
export interface ChunkAverages {
  readonly durationMs: number;
  readonly rows: number;
  readonly buckets: number;
}

export interface WindowLimits {
  readonly maxBuckets: number;
  /** Most source rows one chunk should read: bounds its hash tables, its memory and its transaction. */
  readonly maxRows: number;
}

export interface WindowInput {
  /** The window in force, in buckets; null: this rollup never had one. */
  readonly windowBuckets: number | null;
  /** Null before the first chunk was finished. */
  readonly averages: ChunkAverages | null;
  readonly targetDurationMs: number;
  /** Source rows a bucket, as the statistics of PostgreSQL have it; null when nothing is known. */
  readonly estimatedDensity: number | null;
  readonly limits: WindowLimits;
  /** 1: the database is at ease; below 1: it is under pressure and chunks are to be that much smaller. */
  readonly pressure: number;
}

export const defaultWindowLimits: WindowLimits = { maxBuckets: 1_000_000, maxRows: 10_000_000 };

/** Rows the first chunk of a rollup reads: some tenths of a second of work, enough to measure its speed by. */
const firstChunkRows = 200_000;
/** First window where nothing is known, not even the source's size; growth does the rest. */
const blindFirstBuckets = 16;
const maxGrowth = 2;
const maxShrink = 0.1;

/**
 * How many buckets a chunk should hold so that it takes about the target duration: one step from the window in force
 * towards what the averages say. A step grows the window at most twofold, for what lies ahead may be denser than what
 * was measured, and shrinks it at most tenfold. Never below one bucket.
 *
 * Rows per bucket `d = rows / buckets` and speed `v = rows / duration` of recent chunks give the aim
 * `target × v / d`; the rows cancel, so the aim is also right where most of the time is not spent on rows.
 */
export function sizeWindow(input: WindowInput): number {
  const { averages, limits, windowBuckets } = input;
  const base = windowBuckets ?? firstWindow(input);
  if (averages === null) {
    return withinLimits(base, input);
  }
  // Empty chunks tell nothing about speed, only that the next may well be longer: twice what was seen to be empty.
  const aim =
    averages.rows < 1
      ? Math.max(base, averages.buckets * maxGrowth)
      : (input.targetDurationMs * averages.buckets * input.pressure) /
        Math.max(averages.durationMs, 0.01);
  const stepped = Math.min(Math.max(aim, base * maxShrink), base * maxGrowth);
  const density = averages.rows / averages.buckets;
  return withinLimits(density > 0 ? Math.min(stepped, limits.maxRows / density) : stepped, input);
}

function firstWindow({ estimatedDensity, pressure }: WindowInput): number {
  return estimatedDensity === null || estimatedDensity <= 0
    ? blindFirstBuckets
    : (firstChunkRows * pressure) / estimatedDensity;
}

function withinLimits(buckets: number, { limits }: WindowInput): number {
  return Math.max(1, Math.min(limits.maxBuckets, Math.floor(buckets)));
}
