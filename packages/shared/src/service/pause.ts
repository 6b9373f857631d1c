import { setTimeout } from 'node:timers/promises';

/** Waits, but no longer than until the signal is aborted; being aborted is not an error. */
export async function pause(durationMs: number, signal?: AbortSignal): Promise<void> {
  try {
    await setTimeout(durationMs, undefined, signal === undefined ? {} : { signal });
  } catch (error) {
    if (signal?.aborted !== true) {
      throw error;
    }
  }
}
