import type { BatchObservableCallback, Observable } from '@opentelemetry/api';
import type { GaugeRow } from '../silver/gauges.ts';
import { meter } from './instruments.ts';
import { type Measure, measureCatalogue } from './measure-catalogue.ts';

export interface ObserveGaugesOptions {
  /** Reads every value of the database. */
  readonly read: () => Promise<readonly GaugeRow[]>;
  /** However often somebody scrapes, it is read at most this often. */
  readonly intervalMs: number;
  readonly onError: (error: unknown) => void;
}

/**
 * Exports what `read` returns, whenever an exporter collects. Returns what ends it. While telemetry is off nobody collects,
 * so nothing is ever read. A read that fails leaves a gap, which says more than a value that is no longer true.
 */
export function observeGauges({ read, intervalMs, onError }: ObserveGaugesOptions): () => void {
  const own = meter();
  const observables = new Map<string, Observable>(
    Object.values<Measure>(measureCatalogue)
      .filter(({ from }) => from.includes('database'))
      .map(({ description, kind, name, unit }) => [
        name,
        kind === 'counter'
          ? own.createObservableCounter(name, { description, unit })
          : own.createObservableGauge(name, { description, unit }),
      ]),
  );
  const all = [...observables.values()];
  const readSometimes = atMostEvery(intervalMs, read);
  const observe: BatchObservableCallback = async (result) => {
    try {
      for (const { gauge, attributes, value } of await readSometimes()) {
        const observable = observables.get(`silver.${gauge}`);
        if (observable !== undefined) {
          result.observe(observable, value, attributes);
        }
      }
    } catch (error) {
      onError(error);
    }
  };
  own.addBatchObservableCallback(observe, all);
  return () => own.removeBatchObservableCallback(observe, all);
}

/** Remembers a result for a while; calls that come while one is under way share it. */
function atMostEvery<Result>(
  intervalMs: number,
  run: () => Promise<Result>,
): () => Promise<Result> {
  let last: { readonly at: number; readonly result: Promise<Result> } | undefined;
  return async () => {
    if (last === undefined || performance.now() - last.at >= intervalMs) {
      const started = { at: performance.now(), result: run() };
      last = started;
      started.result.catch(() => {
        if (last === started) {
          last = undefined;
        }
      });
    }
    return last.result;
  };
}
