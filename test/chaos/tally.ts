/** Counts by kind. */
export interface Tally {
  add(kind: string, count?: number): void;
  of(kind: string): number;
  readonly total: number;
  /** By name. */
  readonly kinds: readonly string[];
}

export function createTally(): Tally {
  const counts = new Map<string, number>();
  return {
    add: (kind, count = 1) => counts.set(kind, (counts.get(kind) ?? 0) + count),
    of: (kind) => counts.get(kind) ?? 0,
    get total() {
      return [...counts.values()].reduce((sum, count) => sum + count, 0);
    },
    get kinds() {
      return [...counts.keys()].sort((a, b) => a.localeCompare(b));
    },
  };
}
