import type { LookedAt } from '@silver/shared';
import { describe, expect, it } from 'vitest';
import { createRestList, type RestList } from './rest-list.ts';

const found = (sourceId: number, more: Partial<LookedAt> = {}): LookedAt => ({
  sourceId,
  sourceName: `public.source_${sourceId}`,
  isDue: false,
  isAtRest: true,
  dueInMs: null,
  ...more,
});

/** A look at all sources that are there, at the instant 0. */
function lookAtAll(list: RestList, sources: readonly LookedAt[]): void {
  const asked = list.request(0);
  expect(asked).toEqual({ sources: [], beyond: 0 });
  list.note(asked, sources, 0);
}

const many = Array.from({ length: 100 }, (_, index) => found(index + 1));

describe('createRestList', () => {
  it('asks for all at first, then for what is not at rest, what it does not know, and a few more', () => {
    const list = createRestList(true);
    lookAtAll(list, [
      ...many,
      found(101, { isAtRest: false }),
      found(102, { isDue: true, isAtRest: false }),
    ]);
    const { beyond, sources } = list.request(1);
    expect(beyond).toBe(102);
    expect(sources.slice(0, 2)).toEqual([101, 102]);
    expect(sources).toHaveLength(4);
    expect(list.request(2).sources).toEqual([101, 102]); // none at rest again so soon
  });

  it('asks for one at rest again when its instant has come, and says when that is', () => {
    const list = createRestList(true);
    lookAtAll(list, [...many, found(101, { dueInMs: 500 })]);
    expect(list.nextInMs(100)).toBe(400);
    expect(list.request(499).sources).not.toContain(101);
    expect(list.request(500).sources).toContain(101);
    expect(list.nextInMs(501)).toBeUndefined();
  });

  it('comes round to every one at rest', () => {
    const list = createRestList(true);
    lookAtAll(list, many);
    const asked = new Set<number>();
    for (let look = 0; look < 50; look += 1) {
      const request = list.request(look * 1000);
      for (const sourceId of request.sources) asked.add(sourceId);
      list.note(
        request,
        request.sources.map((sourceId) => found(sourceId)),
        look * 1000,
      );
    }
    expect(asked.size).toBe(100);
  });

  it('forgets a source that is gone', () => {
    const list = createRestList(true);
    lookAtAll(list, [found(1, { isAtRest: false }), found(2)]);
    list.note(list.request(1), [found(2)], 1);
    expect(list.request(1001).sources).toEqual([2]);
  });

  it('asks for all after a command, also one that came during a look', () => {
    const list = createRestList(true);
    const asked = list.request(0);
    list.forget();
    list.note(asked, many, 0);
    expect(list.request(1)).toEqual({ sources: [], beyond: 0 });
  });

  it('always asks for all where commands cannot be heard', () => {
    const list = createRestList(false);
    lookAtAll(list, many);
    expect(list.request(1)).toEqual({ sources: [], beyond: 0 });
  });
});
