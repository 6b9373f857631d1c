import type { MonitorRow } from '@silver/shared';
import { describe, expect, it } from 'vitest';
import { describeFreshness } from './describe-freshness.ts';

const fresh = {
  rollup_id: 1,
  source_table: 'public.raw',
  target_table: 'public.hourly',
  status: 'idle',
  reason: 'fresh',
  source_change: null,
  lag_seconds: 0,
  last_processed_time: null,
  is_late: false,
  paused_until: null,
  dead: '0',
  retrying: '0',
  next_retry_at: null,
  running: '0',
  in_flight: '0',
  pending_chunks_estimate: '0',
  avg_duration_ms: 2_000,
} as const;
const behind = { ...fresh, reason: 'chunks are running', lag_seconds: 90 };
const told = (row: object) => describeFreshness(row as MonitorRow);

describe('describeFreshness', () => {
  it('is fresh, with or without a backfill', () => {
    expect(told(fresh)).toEqual({ level: 'fresh', headline: 'fresh', why: null, when: null });
    expect(told({ ...fresh, reason: 'fresh; a backfill has 9 buckets left' }).why).toBe(
      'a backfill has 9 buckets left',
    );
  });

  it('says how the source changed, fresh or not', () => {
    const changed = { source_change: 'not kept until silver.sync_rollup: humidity' };
    const said = 'the source changed: not kept until silver.sync_rollup: humidity';
    expect(told({ ...fresh, ...changed })).toMatchObject({ level: 'fresh', why: said });
    expect(told({ ...behind, ...changed }).why).toBe(`chunks are running; ${said}`);
  });

  it('is behind, why, and until when by the speed of its chunks', () => {
    const busy = { ...behind, running: '2', in_flight: '4', pending_chunks_estimate: '26' };
    expect(told(busy)).toEqual({
      level: 'behind',
      headline: 'behind 1 min 30 s',
      why: 'chunks are running',
      when: 'in about 30 s, at 2 chunks at once',
    });
    expect(told({ ...busy, avg_duration_ms: null }).when).toBeNull();
  });

  it.each([
    [{ dead: '1', reason: 'chunk 7 is dead: x' }, 'stuck', /silver dead retry/],
    [{ retrying: '1', next_retry_at: '2026-01-01 00:00:00+00' }, 'stuck', /not before 2026-01-01/],
    [{ reason: 'paused', paused_until: 'infinity' }, 'behind', /silver rollup resume/],
    [{ reason: 'paused until x', paused_until: '2026-01-01' }, 'behind', /after 2026-01-01/],
    [{ is_late: true }, 'stuck', /^$/],
  ])('%j is %s', (change, level, when) => {
    const said = told({ ...behind, ...change });
    expect(said.level).toBe(level);
    expect(said.when ?? '').toMatch(when);
  });

  it.each([
    [{ dead: '1', reason: 'chunk 7 is dead: x' }, 'failing'],
    [{ reason: 'paused', paused_until: 'infinity' }, 'paused'],
    [{ reason: 'tracking of public.raw is switched off' }, 'untracked'],
    [{ running: '1', reason: 'chunks are running' }, 'at work'],
  ])('of one that owes nothing yet: %j is %s', (change, headline) => {
    expect(told({ ...fresh, ...change }).headline).toBe(headline);
  });
});
