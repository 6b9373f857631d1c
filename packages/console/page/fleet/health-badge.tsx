import type { FleetRow } from '@silver/console/api';
import { healthOf } from './health.ts';

const marks = {
  failed: '✕',
  late: '!',
  retrying: '↻',
  paused: '‖',
  'catching up': '…',
  fresh: '✓',
} as const;

/** A rollup's health: a colour, a mark and a word. */
export function HealthBadge({ row }: { row: FleetRow }) {
  const health = healthOf(row);
  return (
    <span class={`badge ${health.replace(' ', '-')}`}>
      <span aria-hidden="true">{marks[health]}</span> {health}
    </span>
  );
}
