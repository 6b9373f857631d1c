import { describe, expect, it } from 'vitest';
import { stalledSlot } from './stalled-slot.ts';

const config = { chunkTimeoutMs: 300_000, pollIntervalMs: 2_000 };
const now = 10_000_000;
const slot = (more: object = {}) => ({
  name: 'silver-chunk',
  state: 'active' as const,
  count: 0,
  createdOn: now - 3_600_000,
  lastFetchedOn: now - 1_000,
  lastErrorOn: null,
  ...more,
});

describe('stalledSlot', () => {
  it('finds nothing wrong with slots that fetch, run, or fetch in vain', () => {
    const slots = [
      slot(),
      slot({ count: 1, lastFetchedOn: now - 280_000 }),
      slot({ lastFetchedOn: now - 900_000, lastErrorOn: now - 1_000 }),
      slot({ createdOn: now - 1_000, lastFetchedOn: null }),
    ];
    expect(stalledSlot(slots, config, now)).toBeUndefined();
  });

  it('names a slot that did not come back from a fetch, or from a chunk', () => {
    const hung = slot({ lastFetchedOn: now - 100_000 });
    expect(stalledSlot([slot(), hung], config, now)).toMatch(
      'has not looked for a chunk for 100000 ms',
    );
    const stuck = slot({ count: 1, lastFetchedOn: now - 400_000 });
    expect(stalledSlot([stuck], config, now)).toMatch('has been running for 400000 ms');
    expect(stalledSlot([slot({ state: 'stopped' })], config, now)).toMatch('stopped');
  });

  it('heeds no other queue', () => {
    expect(stalledSlot([slot({ name: 'other', lastFetchedOn: 0 })], config, now)).toBeUndefined();
  });
});
