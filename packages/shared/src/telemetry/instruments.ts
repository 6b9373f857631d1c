import { type Counter, type Gauge, type Histogram, type Meter, metrics } from '@opentelemetry/api';
import { type Measure, measureCatalogue } from './measure-catalogue.ts';

/** The name all of Silver's spans and measures are created under. */
export const instrumentationScope = 'silver';

/** Seconds; a chunk aims at one second but may take minutes, which OpenTelemetry's default buckets do not resolve. */
export const durationBuckets: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600,
];

type Catalogue = typeof measureCatalogue;
type KeysOf<Kind extends Measure['kind']> = {
  [Key in keyof Catalogue]: Catalogue[Key]['kind'] extends Kind ? Key : never;
}[keyof Catalogue];

let measuring = false;

/** Whether anybody sees what is measured: for what would cost something to find out. */
export function isMeasuring(): boolean {
  return measuring;
}

/** Tells that somebody does, or no more. */
export function noteMeasuring(now: boolean): void {
  measuring = now;
}

/** The meter of whatever telemetry runs now; one that does nothing while it is off. */
export function meter(): Meter {
  return metrics.getMeter(instrumentationScope);
}

export function histogram(key: KeysOf<'histogram'>): Histogram {
  return use(key, ({ name, description, unit }) =>
    meter().createHistogram(name, {
      description,
      unit,
      advice: { explicitBucketBoundaries: [...durationBuckets] },
    }),
  );
}

export function counter(key: KeysOf<'counter'>): Counter {
  return use(key, ({ name, description, unit }) =>
    meter().createCounter(name, { description, unit }),
  );
}

export function gauge(key: KeysOf<'gauge'>): Gauge {
  return use(key, ({ name, description, unit }) =>
    meter().createGauge(name, { description, unit }),
  );
}

/** Instruments are made once; a meter taken before telemetry started stays a no-op, so they are made again then. */
let made = new Map<string, unknown>();
let madeBy: unknown;

function use<Instrument>(key: keyof Catalogue, make: (measure: Measure) => Instrument): Instrument {
  const provider = metrics.getMeterProvider();
  if (provider !== madeBy) {
    made = new Map();
    madeBy = provider;
  }
  const known = made.get(key) as Instrument | undefined;
  if (known !== undefined) {
    return known;
  }
  const instrument = make(measureCatalogue[key]);
  made.set(key, instrument);
  return instrument;
}
