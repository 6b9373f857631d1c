import type { Coverage, CoverageState } from '@silver/console/api';

/** A stretch of one state, in milliseconds since 1970; open ends are infinite. */
export interface Span {
  readonly state: CoverageState;
  readonly from: number;
  readonly to: number;
}

export interface View {
  readonly from: number;
  readonly to: number;
}

/** Drawn in this order, so that trouble is drawn last and stays visible however far out one zooms. */
export const drawingOrder: readonly CoverageState[] = [
  'expired',
  'missing',
  'covered',
  'frozen',
  'unsettled',
  'provisional',
  'queued',
  'dirty',
  'running',
  'retrying',
  'dead',
];

/** All stretches of a rollup's time, in drawing order. */
export function toSpans(coverage: readonly Coverage[]): readonly Span[] {
  return drawingOrder.flatMap((state) =>
    coverage
      .filter((part) => part.state === state)
      .flatMap(({ ranges }) =>
        ranges.map(([from, to]) => ({
          state,
          from: toMs(from, Number.NEGATIVE_INFINITY),
          to: toMs(to, Number.POSITIVE_INFINITY),
        })),
      ),
  );
}

/** The view that shows everything finite; an hour when there is nothing. */
export function wholeView(spans: readonly Span[], now: number): View {
  const ends = spans.flatMap(({ from, to }) => [from, to]).filter(Number.isFinite);
  if (ends.length === 0) {
    return { from: now - 3_600_000, to: now };
  }
  const from = Math.min(...ends);
  const to = Math.max(...ends);
  return to > from ? { from, to } : { from: from - 1_800_000, to: to + 1_800_000 };
}

/** Zooms by a factor about a place, 0 at the left edge and 1 at the right; never below a second nor beyond the whole. */
export function zoom(view: View, factor: number, about: number, whole: View): View {
  const width = Math.min(
    Math.max((view.to - view.from) * factor, 1_000),
    Math.max(whole.to - whole.from, 1_000),
  );
  const at = view.from + (view.to - view.from) * about;
  return within({ from: at - width * about, to: at + width * (1 - about) }, whole);
}

/** Moves by a share of its width; stays within the whole. */
export function pan(view: View, share: number, whole: View): View {
  const by = (view.to - view.from) * share;
  return within({ from: view.from + by, to: view.to + by }, whole);
}

function within({ from, to }: View, whole: View): View {
  const width = Math.min(to - from, whole.to - whole.from);
  const start = Math.min(Math.max(from, whole.from), whole.to - width);
  return { from: start, to: start + width };
}

/** What is at an instant: the last drawn that holds it. */
export function spanAt(spans: readonly Span[], at: number): Span | undefined {
  return spans.findLast(({ from, to }) => from <= at && at < to);
}

/** Instants for an axis: round ones in UTC, about as many as asked for. */
export function ticks({ from, to }: View, most: number): readonly number[] {
  const step = steps.find((size) => (to - from) / size <= most) ?? (to - from) / most;
  const first = Math.ceil(from / step) * step;
  return Array.from(
    { length: Math.max(0, Math.floor((to - first) / step) + 1) },
    (_, index) => first + index * step,
  );
}

const minute = 60_000;
const day = 1_440 * minute;
const steps = [
  1_000,
  5_000,
  15_000,
  minute,
  5 * minute,
  15 * minute,
  60 * minute,
  180 * minute,
  720 * minute,
  day,
  7 * day,
  30 * day,
  91 * day,
  365 * day,
  1_826 * day,
];

function toMs(instant: string | null, open: number): number {
  if (instant === null || instant === 'infinity' || instant === '-infinity') {
    return open;
  }
  return Date.parse(instant);
}
