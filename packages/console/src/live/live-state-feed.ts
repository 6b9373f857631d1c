import { type Logger, pause } from '@silver/shared';
import type { LiveState } from '../api/schema/live-state.ts';
import type { RollupDetail } from '../api/schema/rollup-detail.ts';

/** One look at the database, for every page at once. */
export interface Look {
  readonly state: LiveState;
  /** The rollups somebody has open, by id. */
  readonly details: ReadonlyMap<number, RollupDetail>;
}

export interface FeedOptions {
  /** Reads the state of all and the details of those rollups, in one statement. */
  readonly look: (rollupIds: readonly number[]) => Promise<Look>;
  readonly logger: Logger;
  /** Shortest time between two looks, in milliseconds. */
  readonly intervalMs: number;
}

/** What a page that is open gets to hear. */
export interface Subscriber {
  /** The rollup it shows; null: it shows all. */
  readonly rollupId: number | null;
  onLook(look: Look): void;
  onTrouble(): void;
}

/** A page that opens is shown the last look at once if it is not older than this; the next one follows. */
const worthShowingMs = 60_000;
/** The database may spend this part of its time on the console at most: looks that take long come less often. */
const largestShare = 0.1;

/**
 * Looks at the database for every open page together: at most once an interval however many there are, and not at all
 * while there is none. A look that is recent enough is shared by whoever asks.
 */
export function createFeed({ intervalMs, logger, look }: FeedOptions) {
  const subscribers = new Set<Subscriber>();
  const stopping = new AbortController();
  let latest: {
    readonly look: Look;
    readonly at: number;
    readonly ids: ReadonlySet<number>;
  } | null = null;
  let underWay: Promise<Look> | null = null;
  let restMs = intervalMs;
  let loop: Promise<void> | null = null;

  const watched = () =>
    new Set([...subscribers].flatMap(({ rollupId }) => (rollupId === null ? [] : [rollupId])));

  const lookNow = async (ids: ReadonlySet<number>): Promise<Look> => {
    const startedAt = performance.now();
    const taken = await look([...ids]);
    const tookMs = performance.now() - startedAt;
    restMs = Math.max(intervalMs, tookMs / largestShare);
    latest = { look: taken, at: performance.now(), ids };
    return taken;
  };

  /** A look not older than the interval, with that rollup's details if one is named. */
  const recent = async (rollupId: number | null): Promise<Look> => {
    const fits = (ids: ReadonlySet<number>) => rollupId === null || ids.has(rollupId);
    if (latest !== null && performance.now() - latest.at < restMs && fits(latest.ids)) {
      return latest.look;
    }
    if (underWay !== null) {
      const shared = await underWay;
      if (rollupId === null || shared.details.has(rollupId)) {
        return shared;
      }
    }
    const ids = watched();
    if (rollupId !== null) {
      ids.add(rollupId);
    }
    underWay = lookNow(ids).finally(() => {
      underWay = null;
    });
    return underWay;
  };

  /** A timer may fire early by what its turn of the event loop took before it: then the look it is to take would be the last one again. */
  const rest = async (): Promise<void> => {
    const until = performance.now() + restMs;
    while (performance.now() < until && !stopping.signal.aborted) {
      await pause(until - performance.now(), stopping.signal);
    }
  };

  const run = async (): Promise<void> => {
    while (subscribers.size > 0 && !stopping.signal.aborted) {
      try {
        const taken = await recent(null);
        for (const subscriber of subscribers) {
          subscriber.onLook(taken);
        }
      } catch (error) {
        logger.warn({ err: error }, 'the console could not read the state; it is tried again');
        for (const subscriber of subscribers) {
          subscriber.onTrouble();
        }
      }
      await rest();
    }
  };

  return {
    recent,
    /** Tells the subscriber of every look from now on. Returns what ends that. */
    subscribe(subscriber: Subscriber): () => void {
      subscribers.add(subscriber);
      if (latest !== null && performance.now() - latest.at < worthShowingMs) {
        subscriber.onLook(latest.look);
      }
      loop ??= run().finally(() => {
        loop = null;
      });
      return () => {
        subscribers.delete(subscriber);
      };
    },
    async stop(): Promise<void> {
      stopping.abort();
      await loop;
    },
  };
}
export type Feed = ReturnType<typeof createFeed>;
