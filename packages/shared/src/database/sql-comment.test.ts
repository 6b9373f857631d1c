import { describe, expect, it } from 'vitest';
import { sqlComment } from './sql-comment.ts';

describe('sqlComment', () => {
  it('names what a statement is about, in the order of names', () => {
    expect(sqlComment({ rollup: 'public.hourly', chunk: '7', traceparent: null })).toBe(
      " /*chunk='7',rollup='public.hourly'*/",
    );
    expect(sqlComment({ chunk: undefined, rollup: '' })).toBe('');
  });

  it('cannot be ended by a name', () => {
    expect(sqlComment({ rollup: `public."*/; drop table x; --'"` })).toBe(
      " /*rollup='public.%22%2A%2F%3B%20drop%20table%20x%3B%20--%27%22'*/",
    );
  });
});
