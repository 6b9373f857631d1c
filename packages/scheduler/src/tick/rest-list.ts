import type { LookedAt, LookRequest } from '@silver/shared';

/** Which sources a scheduler need not look at for a while. */
export interface RestList {
  /** What the next look is to ask for. */
  request(nowMs: number): LookRequest;
  /** Takes in what a look found, and drops what it asked for and did not find. */
  note(asked: LookRequest, found: readonly LookedAt[], nowMs: number): void;
  /** Everything is to be looked at anew: something was commanded, or a command may have been missed. */
  forget(): void;
  /** Milliseconds until something falls due by itself; undefined: nothing will. */
  nextInMs(nowMs: number): number | undefined;
}

/** How many sources at rest a look asks for all the same, in turn, this often at most: for partitions and settings change without a word. */
const reviewed = 2;
const reviewMs = 1_000;

/**
 * Remembers which sources are at rest and until when, so that a look costs in proportion to those with something to do, not to all.
 * It is a hint that saves time: whoever starts anew, or has missed a notification, forgets it and looks at all. `canRest`: false where
 * commands cannot be heard; then every look is at all.
 */
export function createRestList(canRest: boolean): RestList {
  const known = new Map<number, { readonly isAtRest: boolean; readonly dueAtMs: number }>();
  let everything = true;
  let beyond = 0;
  let reviewedAtMs = Number.NEGATIVE_INFINITY;

  const all = { sources: [], beyond: 0 };
  return {
    request: (nowMs) => {
      if (everything || !canRest) {
        everything = false;
        return all;
      }
      const resting: number[] = [];
      const sources: number[] = [];
      for (const [sourceId, { dueAtMs, isAtRest }] of known) {
        (isAtRest && dueAtMs > nowMs ? resting : sources).push(sourceId);
      }
      if (nowMs - reviewedAtMs >= reviewMs) {
        reviewedAtMs = nowMs;
        // Those looked at longest ago stand first: note puts what was found behind the others.
        sources.push(...resting.slice(0, reviewed));
      }
      return { sources, beyond };
    },
    note: (asked, found, nowMs) => {
      if (asked.beyond === 0) {
        known.clear();
      }
      for (const sourceId of asked.sources) {
        known.delete(sourceId);
      }
      for (const { dueInMs, isAtRest, sourceId } of found) {
        known.set(sourceId, { isAtRest, dueAtMs: nowMs + (dueInMs ?? Number.POSITIVE_INFINITY) });
        beyond = Math.max(beyond, sourceId);
      }
    },
    forget: () => {
      everything = true;
    },
    nextInMs: (nowMs) => {
      let next = Number.POSITIVE_INFINITY;
      for (const { dueAtMs } of known.values()) {
        if (dueAtMs > nowMs) {
          next = Math.min(next, dueAtMs - nowMs);
        }
      }
      return Number.isFinite(next) ? next : undefined;
    },
  };
}
