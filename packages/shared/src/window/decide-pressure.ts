/** How busy the database is, by four signals. Null: it cannot be read, and is off. */
export interface DatabaseLoad {
  readonly activeBackends: number | null;
  readonly lockWaits: number | null;
  readonly replicaLagS: number | null;
  readonly oldestXminS: number | null;
}

export type LoadSignal = keyof DatabaseLoad;

/** Up to `easy` a signal says nothing; from `hard` on it holds planning back as far as it may. */
export interface SignalLimit {
  readonly easy: number;
  readonly hard: number;
}
export type PressureLimits = { readonly [Signal in LoadSignal]: SignalLimit | null };

export interface Pressure {
  /** 1: the database is at ease. Below: chunks, and how many of them are in flight, are to be that much less. */
  readonly factor: number;
  /** Signals that hold back now, the strongest first. */
  readonly causes: readonly LoadSignal[];
  /** Signals that are not looked at: unreadable, or nothing to compare them with. */
  readonly off: readonly LoadSignal[];
}

export const atEase: Pressure = { factor: 1, causes: [], off: [] };

/** However busy the database is, a little work goes on: what never planned would never notice that it could again. */
const leastFactor = 0.1;
/** Recovery is slow, a tenth at a time: pressure that fell because of us would otherwise come back at once. */
const recovery = 0.1;

/**
 * The limits for a server of so many cores; 0: not known, and backends cannot be compared with anything. A backend a core
 * keeps it busy, two leave it work to do while some wait for the disk; four wait for each other.
 */
export function limitsFor(cores: number): PressureLimits {
  return {
    activeBackends: cores === 0 ? null : { easy: 2 * cores, hard: 6 * cores },
    lockWaits: { easy: 4, hard: 40 },
    replicaLagS: { easy: 10, hard: 120 },
    oldestXminS: { easy: 900, hard: 7_200 },
  };
}

/**
 * How far planning holds back: as far as the worst of the signals asks, at once; it recovers step by step. Pure: the same
 * reading after the same pressure gives the same.
 */
export function decidePressure(
  before: Pressure,
  load: DatabaseLoad,
  limits: PressureLimits,
): Pressure {
  const signals = Object.keys(limits) as LoadSignal[];
  const read = signals.flatMap((signal) => {
    const [value, limit] = [load[signal], limits[signal]];
    return value === null || limit === null ? [] : [{ signal, asks: factorOf(value, limit) }];
  });
  const pressing = read.filter(({ asks }) => asks < 1).toSorted((a, b) => a.asks - b.asks);
  const asked = pressing[0]?.asks ?? 1;
  return {
    factor: asked <= before.factor ? asked : Math.min(asked, round(before.factor + recovery)),
    causes: pressing.map(({ signal }) => signal),
    off: signals.filter((signal) => !read.some((one) => one.signal === signal)),
  };
}

function factorOf(value: number, { easy, hard }: SignalLimit): number {
  const share = Math.min(1, Math.max(0, (value - easy) / (hard - easy)));
  return round(1 - share * (1 - leastFactor));
}

/** In hundredths, so that noise is no decision. */
function round(factor: number): number {
  return Math.round(factor * 100) / 100;
}
