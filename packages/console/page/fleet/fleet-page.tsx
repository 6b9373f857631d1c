import type { FleetRow } from '@silver/console/api';
import { memo } from 'preact/compat';
import { useMemo, useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { Table } from '../frame/table.tsx';
import type { Live } from '../live/use-live.ts';
import { formatCount, formatInterval, formatSeconds } from '../time/duration.ts';
import { Instant } from '../time/instant.tsx';
import { byTrouble, type Health, healthOf, healths } from './health.ts';
import { HealthBadge } from './health-badge.tsx';
import { Sparkline } from './sparkline.tsx';

/** A browser draws this many rows without a pause; the rest is a filter away, or one button. */
const rowsAtOnce = 200;

/** Every rollup in a row, most trouble first. */
export function FleetPage({ live }: { live: Live }) {
  const [filter, setFilter] = useState('');
  const [health, setHealth] = useState<Health | 'all'>('all');
  const [shown, setShown] = useState(rowsAtOnce);
  const rows = live.state?.fleet ?? [];
  const counts = useMemo(() => countBy(rows), [rows]);
  const matching = useMemo(() => {
    const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
    return rows
      .filter((row) => {
        const text = `${row.target_table} ${row.source_table} ${row.reason}`.toLowerCase();
        return words.every((word) => text.includes(word));
      })
      .filter((row) => health === 'all' || healthOf(row) === health)
      .toSorted(byTrouble);
  }, [rows, filter, health]);
  if (live.state === null) {
    return (
      <p class="empty" aria-busy="true">
        {live.connection === 'trouble'
          ? 'The console does not answer. It is tried again.'
          : 'Loading…'}
      </p>
    );
  }
  if (rows.length === 0) {
    return (
      <div class="empty">
        <p>No rollups yet.</p>
        <p>
          Declare one: <code>silver rollup create --help</code>, or{' '}
          <code>select silver.create_rollup_table(…)</code>.
        </p>
      </div>
    );
  }
  return (
    <>
      <h1>Rollups</h1>
      <search class="toolbar">
        <input
          type="search"
          aria-label="Filter by name or reason"
          placeholder="Filter by name or reason"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
        <div class="segments">
          {(['all', ...healths] as const)
            .filter((word) => word === 'all' || counts.has(word))
            .map((word) => (
              <button
                key={word}
                type="button"
                aria-pressed={health === word}
                onClick={() => setHealth(word)}
              >
                {word} <b>{word === 'all' ? rows.length : counts.get(word)}</b>
              </button>
            ))}
        </div>
      </search>
      <Table
        label="All rollups"
        class="fleet cards"
        heads={[
          'Rollup',
          'State',
          '#Lag',
          'Watermark',
          '#Backlog',
          '#Rows/s',
          '#Success',
          'Last 30 min',
          'Why',
        ]}
      >
        {matching.slice(0, shown).map((row) => (
          <Row key={row.rollup_id} row={row} />
        ))}
      </Table>
      {matching.length === 0 && <p class="empty">Nothing matches.</p>}
      {matching.length > shown && (
        <button type="button" onClick={() => setShown(matching.length)}>
          Show all {formatCount(matching.length)}
        </button>
      )}
    </>
  );
}

const Row = memo(
  ({ row }: { row: FleetRow }) => (
    <tr>
      <th scope="row">
        <Link href={`/rollups/${row.rollup_id}`}>{row.target_table}</Link>
        <small>
          {formatInterval(row.rollup_table_interval)} from {row.source_table}
        </small>
      </th>
      <td>
        <HealthBadge row={row} />
      </td>
      <td
        class="number"
        title={`Alert above ${formatInterval(row.alert_threshold)}. 0 when nothing that is due is missing.`}
      >
        {formatSeconds(row.lag_seconds)}
      </td>
      <td>
        <Instant at={row.last_processed_time} />
      </td>
      <td class="number">
        {formatCount(row.pending_buckets)}
        {row.pending_buckets > 0 && row.pending_seconds_estimate !== null && (
          <small>≈ {formatSeconds(row.pending_seconds_estimate)} of work</small>
        )}
      </td>
      <td class="number">{formatCount(row.rows_per_second)}</td>
      <td class="number">
        {row.success_rate === null ? '–' : `${Math.floor(row.success_rate * 100)} %`}
      </td>
      <td>
        <Sparkline rowsByMinute={row.rows_by_minute} />
      </td>
      <td class="reason">{row.reason}</td>
    </tr>
  ),
  (before, after) => JSON.stringify(before.row) === JSON.stringify(after.row),
);

function countBy(rows: readonly FleetRow[]): ReadonlyMap<Health, number> {
  const counts = new Map<Health, number>();
  for (const row of rows) {
    const health = healthOf(row);
    counts.set(health, (counts.get(health) ?? 0) + 1);
  }
  return counts;
}
