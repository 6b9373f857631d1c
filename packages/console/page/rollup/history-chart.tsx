import type { Refresh } from '@silver/console/api';
import { useMemo } from 'preact/hooks';
import { type Line, LineChart } from '../chart/line-chart.tsx';
import { formatCount, formatSeconds } from '../time/duration.ts';

/** How large the last chunks were and how long they took; below it what they read, and how busy the database was as each ended. */
export function HistoryChart({ refreshes }: { refreshes: readonly Refresh[] }) {
  const oldestFirst = useMemo(() => refreshes.toReversed(), [refreshes]);
  const times = useMemo(
    () => oldestFirst.map(({ finished_at }) => Date.parse(finished_at) / 1000),
    [oldestFirst],
  );
  const size = useMemo<readonly Line[]>(
    () => [
      {
        label: 'duration',
        colour: '--line-a',
        unit: 's',
        values: oldestFirst.map(({ duration_ms }) => duration_ms / 1000),
        format: formatSeconds,
        points: true,
        fromZero: true,
      },
      {
        label: 'window, buckets',
        colour: '--line-c',
        unit: 'count',
        values: oldestFirst.map(({ buckets }) => buckets),
        format: formatCount,
        points: true,
        fromZero: true,
      },
    ],
    [oldestFirst],
  );
  const load = useMemo<readonly Line[]>(
    () => [
      {
        label: 'rows read',
        colour: '--line-b',
        unit: 'count',
        values: oldestFirst.map(({ rows_read }) => rows_read),
        format: formatCount,
        points: true,
        fromZero: true,
      },
      {
        label: 'load, active sessions',
        colour: '--line-d',
        unit: 'sessions',
        values: oldestFirst.map(({ active_backends }) => active_backends),
        format: formatCount,
        points: true,
        fromZero: true,
      },
    ],
    [oldestFirst],
  );
  if (oldestFirst.length < 2) {
    return <p class="empty">Two chunks make a line; there are not that many yet.</p>;
  }
  const held = oldestFirst.filter(({ load_factor }) => (load_factor ?? 1) < 1).length;
  return (
    <>
      <LineChart
        times={times}
        lines={size}
        label={`Duration and window of the last ${oldestFirst.length} chunks`}
      />
      <LineChart
        times={times}
        lines={load}
        label={`Rows read by the last ${oldestFirst.length} chunks, and sessions of the database that ran a statement as each ended`}
      />
      {oldestFirst.every(({ active_backends }) => active_backends === null) && (
        <p class="under">
          No load is known of that time: a scheduler with pg_read_all_stats notes it every ten
          seconds.
        </p>
      )}
      {held > 0 && (
        <p class="under">
          As {formatCount(held)} of them ended, planning was held back for the load of the database.
        </p>
      )}
    </>
  );
}
