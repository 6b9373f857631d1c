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

/** How many sources at rest a look asks for all the same, in turn: for partitions and settings change without a word. */
const reviewed = 16;

/**
 * Remembers which sources are at rest and until when, so that a look costs in proportion to those with something to do, not to all.
 * It is a hint that saves time: whoever starts anew, or has missed a notification, forgets it and looks at all. `canRest`: false where
 * commands cannot be heard; then every look is at all.
 */
export function createRestList(canRest: boolean): RestList {
  const known = new Map<number, { readonly isAtRest: boolean; readonly dueAtMs: number }>();
  let everything = true;
  let beyond = 0;
  let reviews = 0;

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
      for (let count = 0; count < Math.min(reviewed, resting.length); count += 1) {
        sources.push(resting[(reviews + count) % resting.length] as number);
      }
      reviews = resting.length === 0 ? 0 : (reviews + reviewed) % resting.length;
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
