import type { FleetRow } from '@silver/console/api';

/** How a rollup is, in one word, the worst first. */
export const healths = ['failed', 'late', 'retrying', 'paused', 'catching up', 'fresh'] as const;
export type Health = (typeof healths)[number];

/** What is worst about a rollup. Late: its lag is above its own alert threshold. */
export function healthOf(row: FleetRow): Health {
  if (row.dead > 0) {
    return 'failed';
  }
  if (row.is_late) {
    return 'late';
  }
  if (row.retrying > 0) {
    return 'retrying';
  }
  if (row.status === 'paused') {
    return 'paused';
  }
  return row.lag_seconds > 0 || row.pending_buckets > 0 || row.in_flight > 0
    ? 'catching up'
    : 'fresh';
}

/** Most trouble first: by health, then by lag, then by name. */
export function byTrouble(a: FleetRow, b: FleetRow): number {
  return (
    healths.indexOf(healthOf(a)) - healths.indexOf(healthOf(b)) ||
    b.lag_seconds - a.lag_seconds ||
    a.target_table.localeCompare(b.target_table)
  );
}
