import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openScreen } from './open-screen.ts';

function piped() {
  const stream = new PassThrough();
  let text = '';
  stream.on('data', (data) => {
    text += data;
  });
  return { screen: openScreen(stream as unknown as NodeJS.WriteStream), said: () => text };
}

describe('openScreen, not on a terminal', () => {
  it('writes a plain line a bar, and no more of them until a while has passed', () => {
    const { said, screen } = piped();
    const bar = { label: 'load', total: 200, detail: '5 rows/s' };
    screen.show([{ ...bar, done: 1 }]);
    screen.show([{ ...bar, done: 50 }]);
    expect(said()).toBe('  load 0 %  5 rows/s\n');
  });

  it('shows where the bars ended', () => {
    const { said, screen } = piped();
    const bar = { label: 'load', total: 200, detail: '5 rows/s' };
    screen.show([{ ...bar, done: 1 }]);
    screen.show([{ ...bar, done: 200 }]);
    screen.settle();
    screen.say('loaded');
    expect(said()).toBe('  load 0 %  5 rows/s\n  load 100 %  5 rows/s\nloaded\n');
  });
});
