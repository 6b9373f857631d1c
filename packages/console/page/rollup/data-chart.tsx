import type { DataPoint, RollupDetail } from '@silver/console/api';
import { useMemo, useState } from 'preact/hooks';
import { type Line, LineChart } from '../chart/line-chart.tsx';
import { ApiError } from '../live/api.ts';
import { useRead } from '../live/use-read.ts';
import { toChosenInstant } from '../time/chosen-instant.ts';
import { formatCount } from '../time/duration.ts';

const plotted: ReadonlySet<string> = new Set(['row_count', 'min', 'max', 'avg', 'sum', 'count']);
const bucketsAtFirst = 200;

/** One column of the live view over a range one chooses, the part served from the source shaded. */
export function DataChart({ detail }: { detail: RollupDetail }) {
  const columns = detail.columns.filter(({ role }) => plotted.has(role));
  const dimensions = detail.columns.filter(({ role }) => role === 'dimension');
  const [column, setColumn] = useState(
    (columns.find(({ role }) => role === 'avg') ?? columns[0])?.name ?? '',
  );
  const [range, setRange] = useState(() => firstRange(detail));
  const [dimension, setDimension] = useState('');
  const [value, setValue] = useState('');
  const filter = dimension === '' ? '{}' : JSON.stringify({ [dimension]: value });
  const from = toChosenInstant(range.from);
  const to = toChosenInstant(range.to);
  const valid = from !== null && to !== null && from < to;
  const path = valid
    ? `/api/rollups/${detail.rollup_id}/data?${new URLSearchParams({
        column,
        from,
        to,
        filter,
      })}`
    : null;
  const { again, answer, error, loading } = useRead<readonly DataPoint[]>(path);
  return (
    <>
      <div class="toolbar">
        <label>
          Column{' '}
          <select value={column} onChange={(event) => setColumn(event.currentTarget.value)}>
            {columns.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          From (UTC){' '}
          <input
            type="datetime-local"
            step="1"
            value={range.from}
            onChange={(event) => setRange({ ...range, from: event.currentTarget.value })}
          />
        </label>
        <label>
          To (UTC){' '}
          <input
            type="datetime-local"
            step="1"
            value={range.to}
            onChange={(event) => setRange({ ...range, to: event.currentTarget.value })}
          />
        </label>
        {dimensions.length > 0 && (
          <label>
            Where{' '}
            <select value={dimension} onChange={(event) => setDimension(event.currentTarget.value)}>
              <option value="">all groups together</option>
              {dimensions.map(({ name }) => (
                <option key={name} value={name}>
                  {name} =
                </option>
              ))}
            </select>
          </label>
        )}
        {dimension !== '' && (
          <input
            aria-label={`Value of ${dimension}`}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
        )}
        <button type="button" onClick={again} disabled={loading || path === null}>
          Read again
        </button>
      </div>
      {!valid && (
        <p class="notice bad">The range is empty: its end must be later than its start.</p>
      )}
      {error !== null && (
        <p class="notice bad" role="alert">
          {error.message}
          {error instanceof ApiError && error.remedy !== null && <small>{error.remedy}</small>}
        </p>
      )}
      {answer === null && loading && (
        <p class="empty" aria-busy="true">
          Loading…
        </p>
      )}
      {answer?.length === 0 && <p class="empty">No rows in this range.</p>}
      {answer !== null && answer.length > 0 && <Points points={answer} column={column} />}
    </>
  );
}

function Points({ column, points }: { points: readonly DataPoint[]; column: string }) {
  const times = useMemo(() => points.map(({ bucket }) => Date.parse(bucket) / 1000), [points]);
  const lines = useMemo<readonly Line[]>(
    () => [
      {
        label: column,
        colour: '--line-a',
        unit: 'value',
        values: points.map(({ value }) => value),
        format: formatCount,
        points: points.length < 60,
      },
    ],
    [points, column],
  );
  const shaded = useMemo(() => liveStretches(points, times), [points, times]);
  const live = points.filter((point) => point.live).length;
  return (
    <>
      <LineChart
        times={times}
        lines={lines}
        shaded={shaded}
        label={`${column}, ${points.length} buckets, ${live} of them computed from the source`}
      />
      <p class="under">
        {formatCount(points.length)} buckets
        {live > 0
          ? `, ${formatCount(live)} of them (shaded) computed from the source as you look`
          : ', all from the target'}
        .
      </p>
    </>
  );
}

function liveStretches(
  points: readonly DataPoint[],
  times: readonly number[],
): readonly (readonly [number, number])[] {
  const width = times.length > 1 ? ((times[1] ?? 0) - (times[0] ?? 0)) / 2 : 1800;
  return points.flatMap((point, index) => {
    const at = times[index] ?? 0;
    return point.live ? [[at - width, at + width] as const] : [];
  });
}

/** The last buckets that have been computed. */
function firstRange(detail: RollupDetail): { from: string; to: string } {
  const covered = detail.coverage.find(({ state }) => state === 'covered')?.ranges.at(-1);
  const end =
    covered?.[1] === undefined || covered[1] === null ? Date.now() : Date.parse(covered[1]);
  const start =
    covered?.[0] === undefined || covered[0] === null ? end - 86_400_000 : Date.parse(covered[0]);
  const buckets = detail.coverage.find(({ state }) => state === 'covered')?.buckets ?? 1;
  const width = Math.max(1_000, (end - start) / Math.max(1, buckets));
  const text = (at: number) => new Date(at).toISOString().slice(0, 19);
  return { from: text(Math.max(start, end - width * bucketsAtFirst)), to: text(end + width) };
}
