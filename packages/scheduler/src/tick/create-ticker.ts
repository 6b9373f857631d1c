import {
  attributeNames,
  type Config,
  classifyFailure,
  type DueSource,
  type Logger,
  lookForWork,
  measurePlan,
  measureTick,
  onSlonik,
} from '@silver/shared';
import { type Alarm, createAlarm } from '../wake/create-alarm.ts';
import { describeOutcome, type Planner, planSource, type SourceOutcome } from './plan-source.ts';
import { createRestList } from './rest-list.ts';

export interface TickerOptions extends Planner {
  readonly config: Planner['config'] &
    Pick<Config, 'pollIntervalMs' | 'schedulerPoolSize' | 'wakeDelayMs'>;
  readonly logger: Logger;
  /** Whether commands are heard, so that sources at rest can be left alone. */
  readonly hears: boolean;
}

export interface Ticker {
  /** When the last look for due work ended, by performance.now(). */
  readonly lookedAt: () => number;
  /** Looks for due work soon, at all sources, unless it was a chunk that woke it: what that may make due is not at rest. */
  wake(by?: string): void;
  /** Looks no more, and waits for the sources being planned. */
  stop(): Promise<void>;
}

/** What silver.run_chunk says on the channel. */
const chunkFinished = 'chunk';
/** Writers noted a moment ago usually end at once; looking again, soon and then less and less soon, saves their drain the whole grace. */
const firstRecheckMs = 5;
const rechecks = 8;
/** A source that fails is left alone for longer and longer, up to this; others never wait for it. */
const longestRestMs = 60_000;

/**
 * The loop of a scheduler: finds the sources with something to do and gives each its turn, several at once, each alone.
 * A source that is slow or fails holds nobody up. Woken by notifications, by the instant at which something falls due,
 * and in any case every poll interval.
 */
export function createTicker(options: TickerOptions): Ticker {
  const { config, logger, pool } = options;
  const inTurn = new Map<number, Promise<void>>();
  const restList = createRestList(options.hears);
  /** How often each source was looked at again for the sake of writers noted last. */
  const rechecked = new Map<number, number>();
  const resting = new Map<number, { readonly failures: number; readonly until: number }>();
  /** Due when last looked at, and waiting for a turn: whoever ends one begins the next, without a look in between. */
  let waiting: readonly DueSource[] = [];
  let missed = false;
  let turns = 0;
  let looks = 0;
  let lookedAt = performance.now();

  const alarm: Alarm = createAlarm(config.wakeDelayMs, async () => {
    const startedAt = performance.now();
    let outcome: 'looked' | 'failed' = 'looked';
    try {
      const asked = restList.request(startedAt);
      const found = await lookForWork(onSlonik(pool), asked);
      const foundAt = performance.now();
      restList.note(asked, found, foundAt);
      const due = found.filter(({ isDue }) => isDue);
      // Each look begins with another: when there is little room in flight, none is always last.
      looks += 1;
      const first = due.length === 0 ? 0 : looks % due.length;
      waiting = [...due.slice(first), ...due.slice(0, first)];
      giveTurns();
      const dueInMs = restList.nextInMs(foundAt) ?? config.pollIntervalMs;
      alarm.ringIn(Math.max(1, Math.min(dueInMs + 1, config.pollIntervalMs)));
    } catch (error) {
      outcome = 'failed';
      restList.forget();
      logger.warn({ err: error }, 'looking for due work failed; it is tried again');
      alarm.ringIn(config.pollIntervalMs);
    }
    lookedAt = performance.now();
    measureTick(lookedAt - startedAt, outcome);
  });

  const giveTurns = (): void => {
    while (waiting.length > 0 && inTurn.size < config.schedulerPoolSize) {
      const [next, ...others] = waiting as readonly [DueSource, ...DueSource[]];
      waiting = others;
      giveTurn(next);
    }
  };

  const giveTurn = (source: DueSource): void => {
    const { sourceId } = source;
    if (inTurn.has(sourceId)) {
      missed = true; // It was due again while it had its turn: it is looked at when that has ended.
      return;
    }
    if ((resting.get(sourceId)?.until ?? 0) > Date.now()) {
      return;
    }
    turns += 1;
    const turn = takeTurn(source, turns, waiting.length).finally(() => {
      inTurn.delete(sourceId);
      giveTurns();
      if (missed) {
        missed = false;
        alarm.ring();
      }
    });
    inTurn.set(sourceId, turn);
  };

  const takeTurn = async (source: DueSource, turn: number, behind: number): Promise<void> => {
    const startedAt = performance.now();
    let outcome: SourceOutcome['outcome'] | 'failed' = 'failed';
    let invalidations = 0;
    try {
      const planned = await planSource(options, source, turn, behind);
      outcome = planned.outcome;
      invalidations = planned.outcome === 'planned' ? planned.consumed : 0;
      resting.delete(source.sourceId);
      logger.debug(
        { [attributeNames.source]: source.sourceName, ...describeOutcome(planned) },
        'planned',
      );
      recheck(source.sourceId, planned);
    } catch (error) {
      rest(source, error);
    }
    measurePlan(performance.now() - startedAt, outcome, invalidations);
  };

  const recheck = (sourceId: number, planned: SourceOutcome): void => {
    if (planned.outcome !== 'planned' || planned.awaited === 0) {
      rechecked.delete(sourceId);
      return;
    }
    const times = planned.noted > 0 ? 0 : (rechecked.get(sourceId) ?? rechecks);
    rechecked.set(sourceId, times + 1);
    if (times < rechecks) {
      setTimeout(alarm.ring, firstRecheckMs * 2 ** times);
    }
  };

  const rest = ({ sourceId, sourceName }: DueSource, error: unknown): void => {
    const failures = (resting.get(sourceId)?.failures ?? 0) + 1;
    const restMs = Math.min(longestRestMs, config.pollIntervalMs * 2 ** (failures - 1));
    resting.set(sourceId, { failures, until: Date.now() + restMs });
    const level = classifyFailure(error) === 'transient' ? 'warn' : 'error';
    logger[level](
      { err: error, [attributeNames.source]: sourceName },
      `planning a source failed ${failures} times in a row; it rests for ${restMs} ms`,
    );
  };

  return {
    lookedAt: () => lookedAt,
    wake: (by) => {
      if (by !== chunkFinished) {
        restList.forget();
      }
      alarm.ring();
    },
    stop: async () => {
      await alarm.stop();
      waiting = [];
      await Promise.all(inTurn.values());
    },
  };
}
