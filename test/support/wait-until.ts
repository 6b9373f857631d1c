import { setTimeout } from 'node:timers/promises';

/** Asks again and again until the answer is truthy, and returns it. Waits for conditions, never for durations. */
export async function waitUntil<Answer>(
  what: string,
  ask: () => Promise<Answer>,
  timeoutMs = 30_000,
): Promise<NonNullable<Exclude<Answer, false | 0 | ''>>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) {
      return answer as never;
    }
    if (Date.now() > deadline) {
      throw new Error(`waited ${timeoutMs} ms in vain until ${what}`);
    }
    await setTimeout(20);
  }
}
