/** Somebody asked the program to stop: not a failure. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Aborts `stop` at the first signal. Those that follow change nothing: a Ctrl-C often arrives twice, from the terminal and
 * from whatever started this program, and cleaning up is bounded anyway.
 */
export function stopOnSignals(stop: AbortController): void {
  for (const signal of signals) {
    process.on(signal, () => stop.abort(new Interruption(`stopped by ${signal}`)));
  }
}

/** Resolves when the signal is aborted. */
export async function untilStopped(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }
}
