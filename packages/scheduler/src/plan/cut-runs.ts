import type { BucketRun } from '@silver/shared';

/** Where the source's partitions begin, in buckets: one at `offset`, the others every `buckets`. */
export interface PartitionGrid {
  readonly buckets: number;
  readonly offset: number;
}

export interface CutOptions {
  /** Most buckets in the piece that is cut next. */
  readonly size: () => number;
  /** Most runs in one piece: bounds the plan of the statement that reads them. */
  readonly maxRuns: number;
  readonly direction: 'newest-first' | 'oldest-first';
  /** Pieces end on partition bounds where they are at least a partition long. */
  readonly partitions?: PartitionGrid | null;
}

/**
 * Cuts ordered runs into pieces of at most `size()` buckets, one after the other and only as many as are asked for.
 * Scattered runs are gathered: a thousand single buckets can be one piece. Every bucket is in exactly one piece.
 */
export function* cutRuns(
  runs: readonly BucketRun[],
  options: CutOptions,
): Generator<readonly BucketRun[]> {
  const { direction, maxRuns, partitions = null, size } = options;
  const oldestFirst = direction === 'oldest-first';
  const take = oldestFirst ? takeOldest : takeNewest;
  const waiting = oldestFirst ? runs.toReversed() : [...runs]; // taken from the end
  while (waiting.length > 0) {
    const piece = gather(waiting, maxRuns, size(), (run, room) => take(run, room, partitions));
    yield oldestFirst ? piece : piece.reverse();
  }
}

/** Takes runs until the piece is full; what is left of the last one goes back. */
function gather(
  waiting: BucketRun[],
  maxRuns: number,
  size: number,
  take: (run: BucketRun, room: number) => Cut,
): BucketRun[] {
  const piece: BucketRun[] = [];
  let room = size;
  while (room > 0 && piece.length < maxRuns) {
    const run = waiting.pop();
    if (run === undefined) {
      break;
    }
    const [taken, rest] = take(run, room);
    piece.push(taken);
    room -= taken.to - taken.from;
    if (rest !== null) {
      waiting.push(rest);
      break; // A bound of a partition may leave room, but the piece ends there.
    }
  }
  return piece;
}

type Cut = readonly [taken: BucketRun, rest: BucketRun | null];

function takeOldest(run: BucketRun, room: number, partitions: PartitionGrid | null): Cut {
  if (run.to - run.from <= room) {
    return [run, null];
  }
  const at = lastPartitionBound(run.from, run.from + room, partitions) ?? run.from + room;
  return [
    { from: run.from, to: at },
    { from: at, to: run.to },
  ];
}

function takeNewest(run: BucketRun, room: number): Cut {
  if (run.to - run.from <= room) {
    return [run, null];
  }
  const at = run.to - room;
  return [
    { from: at, to: run.to },
    { from: run.from, to: at },
  ];
}

/** The last bound in `(from, to]`; undefined where a whole partition would not fit between them. */
function lastPartitionBound(
  from: number,
  to: number,
  partitions: PartitionGrid | null,
): number | undefined {
  if (partitions === null || to - from < partitions.buckets) {
    return undefined;
  }
  const bound =
    partitions.offset +
    Math.floor((to - partitions.offset) / partitions.buckets) * partitions.buckets;
  return bound > from ? bound : undefined;
}
