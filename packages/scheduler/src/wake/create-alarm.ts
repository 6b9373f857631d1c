export interface Alarm {
  /** Runs at once, or when the last run ended the delay, or three times what it took, ago: calls that come before that are one run. */
  ring(): void;
  /** Runs after this long unless it rings before; replaces the time set before. */
  ringIn(delayMs: number): void;
  /** Rings no more, and waits for a run in progress. */
  stop(): Promise<void>;
}

/** A run rests this many times as long as it took: what rings all the time takes a quarter of the time at most. */
const restShare = 3;

/**
 * Runs something when it is rung, at most once at a time. What rings while it runs is answered by one more run
 * afterwards, so nothing that happened before a ring is ever missed. `run` must not throw.
 */
export function createAlarm(delayMs: number, run: () => Promise<void>): Alarm {
  let stopped = false;
  let restedAt = Number.NEGATIVE_INFINITY;
  let rung: NodeJS.Timeout | undefined;
  let due: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;

  const start = () => {
    rung = undefined;
    if (running !== undefined) {
      again = true;
      return;
    }
    const startedAt = performance.now();
    running = run().finally(() => {
      running = undefined;
      const endedAt = performance.now();
      restedAt = endedAt + Math.max(delayMs, restShare * (endedAt - startedAt));
      if (again) {
        again = false;
        ring();
      }
    });
  };
  const ring = () => {
    if (!stopped) {
      rung ??= setTimeout(start, Math.max(0, restedAt - performance.now()));
    }
  };

  return {
    ring,
    ringIn: (laterMs) => {
      clearTimeout(due);
      due = stopped ? undefined : setTimeout(ring, laterMs);
    },
    stop: async () => {
      stopped = true;
      clearTimeout(rung);
      clearTimeout(due);
      await running;
    },
  };
}
