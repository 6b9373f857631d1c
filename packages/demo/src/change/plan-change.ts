/** Flights that arrive late, column by column: the shape in which both engines take them. */
export interface LateFlights {
  /** Microseconds since 1970, UTC. */
  readonly micros: readonly bigint[];
  readonly delay: readonly number[];
  readonly distance: readonly number[];
  readonly origin: readonly string[];
  readonly destination: readonly string[];
}

/** Flights to delete: one origin, from one instant up to another. */
export interface Deletion {
  readonly origin: string;
  readonly from: string;
  readonly to: string;
}

/** What happens to the source while workers run. */
export interface Change {
  readonly late: LateFlights;
  readonly deletions: readonly Deletion[];
}

export interface ChangePlan {
  /** First day of the flights, as an instant at UTC midnight. */
  readonly firstDay: Date;
  readonly days: number;
  readonly lateRows: number;
  readonly seed: number;
}

/** The ten busiest origins, and one no flight of the file has: its groups are all new. */
const airports = ['ORD', 'DFW', 'ATL', 'LAX', 'PHX', 'STL', 'DTW', 'MSP', 'LAS', 'DEN', 'SLV'];
const busiest = 'ORD';
const dayMs = 86_400_000;

/**
 * Plans a late batch scattered over all days, and the deletion of a whole airport on a few days early and a few late in
 * the file: half-way through, the early ones are covered already and the late ones are not. The same seed gives the same change.
 */
export function planChange({ days, firstDay, lateRows, seed }: ChangePlan): Change {
  const random = seededRandom(seed);
  const pick = (below: number) => Math.floor(random() * below);
  const late = {
    micros: [] as bigint[],
    delay: [] as number[],
    distance: [] as number[],
    origin: [] as string[],
    destination: [] as string[],
  };
  for (let row = 0; row < lateRows; row += 1) {
    const from = pick(airports.length);
    const to = (from + 1 + pick(airports.length - 1)) % airports.length;
    late.micros.push(BigInt(firstDay.getTime() + pick(days * dayMs)) * 1000n + BigInt(pick(1000)));
    late.delay.push(pick(180) - 30);
    late.distance.push(100 + pick(2500));
    late.origin.push(airports[from] ?? busiest);
    late.destination.push(airports[to] ?? busiest);
  }
  const width = Math.max(1, Math.round(days / 60));
  const deletions = [1 / 6, 5 / 6].map((share) => {
    const first = Math.floor(days * share);
    return { origin: busiest, from: dayAt(firstDay, first), to: dayAt(firstDay, first + width) };
  });
  return { late, deletions };
}

function dayAt(firstDay: Date, day: number): string {
  return new Date(firstDay.getTime() + day * dayMs).toISOString();
}

/** Mulberry32: small, and the same on every machine. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
