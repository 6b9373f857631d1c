import type { Refresh } from '@silver/console/api';
import { useMemo } from 'preact/hooks';
import { type Line, LineChart } from '../chart/line-chart.tsx';
import { formatCount, formatSeconds } from '../time/duration.ts';

/** How long the last chunks took, how large they were and how much they read. */
export function HistoryChart({ refreshes }: { refreshes: readonly Refresh[] }) {
  const oldestFirst = useMemo(() => refreshes.toReversed(), [refreshes]);
  const times = useMemo(
    () => oldestFirst.map(({ finished_at }) => Date.parse(finished_at) / 1000),
    [oldestFirst],
  );
  const lines = useMemo<readonly Line[]>(
    () => [
      {
        label: 'duration',
        colour: '--line-a',
        unit: 's',
        values: oldestFirst.map(({ duration_ms }) => duration_ms / 1000),
        format: formatSeconds,
        points: true,
      },
      {
        label: 'rows read',
        colour: '--line-b',
        unit: 'count',
        values: oldestFirst.map(({ rows_read }) => rows_read),
        format: formatCount,
        points: true,
      },
      {
        label: 'buckets',
        colour: '--line-c',
        unit: 'count',
        values: oldestFirst.map(({ buckets }) => buckets),
        format: formatCount,
        points: true,
      },
    ],
    [oldestFirst],
  );
  if (oldestFirst.length < 2) {
    return <p class="empty">Two chunks make a line; there are not that many yet.</p>;
  }
  return (
    <LineChart
      times={times}
      lines={lines}
      label={`Duration, rows read and buckets of the last ${oldestFirst.length} chunks`}
    />
  );
}
