import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAlarm } from './create-alarm.ts';

describe('createAlarm', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('rests three times as long as it took, however often it rings', async () => {
    const startedAt: number[] = [];
    const alarm = createAlarm(20, async () => {
      startedAt.push(performance.now());
      alarm.ring();
      await new Promise((resolve) => setTimeout(resolve, 30));
    });
    alarm.ring();
    await vi.advanceTimersByTimeAsync(1_000);
    const gaps = startedAt.slice(1).map((at, index) => Math.round(at - (startedAt[index] ?? 0)));
    expect(gaps.length).toBeGreaterThanOrEqual(7);
    expect(new Set(gaps)).toEqual(new Set([120]));
  });

  it('answers the first ring at once', async () => {
    let runs = 0;
    const alarm = createAlarm(20, async () => {
      runs += 1;
    });
    alarm.ring();
    await vi.advanceTimersByTimeAsync(1);
    expect(runs).toBe(1);
  });

  it('answers many rings within the delay with one more run', async () => {
    let runs = 0;
    const alarm = createAlarm(20, async () => {
      runs += 1;
    });
    for (let index = 0; index < 10; index += 1) {
      alarm.ring();
      await vi.advanceTimersByTimeAsync(1);
    }
    await vi.advanceTimersByTimeAsync(1_000);
    expect(runs).toBe(2);
  });

  it('runs once more for a ring during a run, never twice at a time', async () => {
    let running = 0;
    let runs = 0;
    const alarm = createAlarm(20, async () => {
      running += 1;
      runs += 1;
      expect(running).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 100));
      running -= 1;
    });
    alarm.ring();
    await vi.advanceTimersByTimeAsync(50);
    alarm.ring();
    alarm.ring();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(runs).toBe(2);
  });

  it('rings by itself at the last time set', async () => {
    let runs = 0;
    const alarm = createAlarm(20, async () => {
      runs += 1;
    });
    alarm.ringIn(100);
    alarm.ringIn(500);
    await vi.advanceTimersByTimeAsync(400);
    expect(runs).toBe(0);
    await vi.advanceTimersByTimeAsync(200);
    expect(runs).toBe(1);
  });

  it('rings no more once stopped', async () => {
    let runs = 0;
    const alarm = createAlarm(20, async () => {
      runs += 1;
    });
    alarm.ring();
    alarm.ringIn(10);
    await alarm.stop();
    alarm.ring();
    alarm.ringIn(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(runs).toBe(0);
  });
});
