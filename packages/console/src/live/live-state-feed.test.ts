import { createLogger, pause } from '@silver/shared';
import { describe, expect, it } from 'vitest';
import { createFeed, type Look } from './live-state-feed.ts';

const intervalMs = 50;

function feedThatCounts(took = 0) {
  const asked: (readonly number[])[] = [];
  const feed = createFeed({
    intervalMs,
    logger: createLogger({ logLevel: 'silent' }, 'test'),
    look: async (ids): Promise<Look> => {
      asked.push(ids);
      await pause(took);
      const details = new Map(ids.map((id) => [id, { rollup_id: id } as never]));
      return { state: { read_at: `${asked.length}`, fleet: [], processes: [] }, details };
    },
  });
  return { feed, asked };
}

describe('the feed of the console', () => {
  it('does not look while nobody has a page open', async () => {
    const { asked, feed } = feedThatCounts();
    await pause(3 * intervalMs);
    expect(asked).toEqual([]);
    await feed.stop();
  });

  it('looks once for a hundred pages, and for the rollups they show together', async () => {
    const { asked, feed } = feedThatCounts();
    let told = 0;
    const ends = Array.from({ length: 100 }, (_, page) =>
      feed.subscribe({
        rollupId: page % 2 === 0 ? null : page % 4,
        onLook: () => {
          told += 1;
        },
        onTrouble: () => undefined,
      }),
    );
    await expect.poll(() => told).toBeGreaterThanOrEqual(200);
    expect(asked.length).toBeLessThanOrEqual(told / 100 + 1);
    expect(asked.at(-1)?.toSorted()).toEqual([1, 3]);
    for (const end of ends) {
      end();
    }
    await pause(3 * intervalMs);
    const before = asked.length;
    await pause(5 * intervalMs);
    expect(asked.length).toBe(before);
    await feed.stop();
  });

  it('takes another look each time, also when taking one keeps the process busy', async () => {
    let looks = 0;
    const feed = createFeed({
      intervalMs,
      logger: createLogger({ logLevel: 'silent' }, 'test'),
      look: async (): Promise<Look> => {
        await pause(1);
        // The timer of the rest begins where this turn of the event loop began.
        for (const until = performance.now() + intervalMs / 5; performance.now() < until; ) {
          looks += 0;
        }
        looks += 1;
        return { state: { read_at: `${looks}`, fleet: [], processes: [] }, details: new Map() };
      },
    });
    const told: string[] = [];
    const end = feed.subscribe({
      rollupId: null,
      onLook: ({ state }) => told.push(state.read_at),
      onTrouble: () => undefined,
    });
    await expect.poll(() => told.length, { timeout: 10_000 }).toBeGreaterThanOrEqual(6);
    end();
    expect(new Set(told).size).toBe(told.length);
    await feed.stop();
  });

  it('shares one look among those who ask at once, and takes another for a rollup that is not in it', async () => {
    const { asked, feed } = feedThatCounts(20);
    const looks = await Promise.all([feed.recent(null), feed.recent(null), feed.recent(null)]);
    expect(new Set(looks).size).toBe(1);
    expect((await feed.recent(7)).details.has(7)).toBe(true);
    expect(asked.length).toBe(2);
    await feed.stop();
  });

  it('shows the last look to a page that opens, before it takes another', async () => {
    const { asked, feed } = feedThatCounts(200);
    await feed.recent(null);
    const seen: string[] = [];
    const end = feed.subscribe({
      rollupId: null,
      onLook: ({ state }) => seen.push(state.read_at),
      onTrouble: () => undefined,
    });
    expect(seen).toEqual(['1']);
    expect(asked.length).toBe(1);
    end();
    await feed.stop();
  });

  it('looks less often when a look takes long, so that the database is left in peace', async () => {
    const { asked, feed } = feedThatCounts(40);
    const end = feed.subscribe({
      rollupId: null,
      onLook: () => undefined,
      onTrouble: () => undefined,
    });
    await pause(390);
    expect(asked.length).toBeLessThanOrEqual(2); // 40 ms of work, then 400 ms of rest
    end();
    await feed.stop();
  });
});
