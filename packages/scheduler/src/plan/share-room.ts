export interface RoomInput {
  /** Chunks in flight that are allowed in all, by the settings. */
  readonly budget: number;
  /** Chunks in flight now, of all rollups. */
  readonly inFlight: number;
  /** Rollups that want some of the room, this one included. */
  readonly contenders: number;
  /** This rollup's own: how many it may have in flight, and has. */
  readonly ownLimit: number;
  readonly ownInFlight: number;
  /** 1: the database is at ease; below 1: so much less of both limits. */
  readonly pressure: number;
}

/**
 * How many chunks a rollup may plan now: its share of the room that is left for all, rounded up, within its own limit.
 * Whoever comes first leaves room for the others; who comes last finds what is left. Under pressure both limits shrink,
 * to one chunk at least, so that work goes on.
 */
export function shareRoom(input: RoomInput): number {
  const { budget, contenders, inFlight, ownInFlight, ownLimit, pressure } = input;
  const room = limitUnder(budget, pressure) - inFlight;
  const own = limitUnder(ownLimit, pressure) - ownInFlight;
  return Math.max(0, Math.min(own, Math.ceil(room / Math.max(1, contenders))));
}

/** How many chunks may be planned of what has no share, beside those in flight. */
export function roomLeft(budget: number, inFlight: number, pressure: number): number {
  return Math.max(0, limitUnder(budget, pressure) - inFlight);
}

function limitUnder(limit: number, pressure: number): number {
  return Math.max(1, Math.floor(limit * pressure));
}
