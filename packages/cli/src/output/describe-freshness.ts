import type { MonitorRow } from '@silver/shared';
import { z } from 'zod';
import { showSeconds } from './show-duration.ts';

const state = z
  .object({
    reason: z.string(),
    source_change: z.string().nullable(),
    lag_seconds: z.coerce.number().nullable(),
    last_processed_time: z.string().nullable(),
    is_late: z.boolean().nullable(),
    paused_until: z.string().nullable(),
    dead: z.coerce.number(),
    retrying: z.coerce.number(),
    next_retry_at: z.string().nullable(),
    running: z.coerce.number(),
    in_flight: z.coerce.number(),
    pending_chunks_estimate: z.coerce.number(),
    avg_duration_ms: z.number().nullable(),
  })
  .loose();

/** Whether a rollup is fresh and, if it is not, how far behind, why, and when it will be. */
export interface Freshness {
  readonly level: 'fresh' | 'behind' | 'stuck';
  readonly headline: string;
  readonly why: string | null;
  readonly when: string | null;
}

/** Says it from a row of the monitor, for `silver status`. */
export function describeFreshness(row: MonitorRow): Freshness {
  const seen = state.parse(row);
  const change = seen.source_change === null ? [] : [`the source changed: ${seen.source_change}`];
  if (seen.reason.startsWith('fresh')) {
    const more = seen.reason.replace(/^fresh(; )?/, '');
    return {
      level: 'fresh',
      headline: 'fresh',
      why: [...(more === '' ? [] : [more]), ...change].join('; ') || null,
      when: null,
    };
  }
  const stuck = seen.dead > 0 || seen.retrying > 0 || seen.is_late === true;
  return {
    level: stuck ? 'stuck' : 'behind',
    headline: headlineOf(seen),
    why: [seen.reason, ...change].join('; '),
    when: whenFresh(seen),
  };
}

/** How far behind; and of one that owes nothing, what keeps it from being called fresh. */
function headlineOf(seen: z.output<typeof state>): string {
  const lag = seen.lag_seconds ?? 0;
  if (lag > 0) {
    return `behind ${showSeconds(lag)}`;
  }
  if (seen.dead > 0 || seen.retrying > 0) {
    return 'failing';
  }
  if (seen.reason.startsWith('tracking')) {
    return 'untracked';
  }
  return seen.reason.startsWith('paused') ? 'paused' : 'at work';
}

function whenFresh(seen: z.output<typeof state>): string | null {
  if (seen.dead > 0) {
    return 'when the cause is mended: silver dead list, silver dead retry';
  }
  if (seen.paused_until !== null && seen.reason.startsWith('paused')) {
    return seen.paused_until === 'infinity'
      ? 'when it is resumed: silver rollup resume'
      : `after ${seen.paused_until}`;
  }
  if (seen.retrying > 0 && seen.next_retry_at !== null) {
    return `not before ${seen.next_retry_at}`;
  }
  const chunks = seen.pending_chunks_estimate + seen.in_flight;
  if (chunks === 0 || seen.avg_duration_ms === null) {
    return null;
  }
  const seconds = (chunks * seen.avg_duration_ms) / 1000 / Math.max(1, seen.running);
  return `in about ${showSeconds(Math.max(1, Math.round(seconds)))}, at ${Math.max(1, seen.running)} chunk${seen.running > 1 ? 's' : ''} at once`;
}
