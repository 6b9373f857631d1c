import pg from 'pg';
import { pause } from '../service/pause.ts';
import type { Logger } from '../telemetry/logger.ts';
import { isThroughPooler, sessionUri } from './session-uri.ts';

export interface ListenOptions {
  readonly databaseUrl: string;
  readonly applicationName: string;
  readonly channel: string;
  readonly logger: Logger;
  /** Called with what each notification says, and with nothing after each (re)connection, for those that were missed meanwhile. */
  readonly onWake: (payload?: string) => void;
}

export interface Listener {
  close(): Promise<void>;
}

const longestReconnectDelayMs = 30_000;
/** How often the connection is asked whether it still lives: a silent loss costs latency, never work. */
const probeIntervalMs = 15_000;
const probeTimeoutMs = 5_000;

/**
 * Listens on a dedicated connection and reconnects for ever with growing delays. A notification is only a hint that
 * saves latency: whoever listens also polls, so nothing here is needed for correctness. Through a transaction-mode pooler
 * nothing is listened to.
 */
export function listen(options: ListenOptions): Listener {
  if (isThroughPooler(options.databaseUrl)) {
    options.logger.info({ channel: options.channel }, 'nothing can be listened to: polling alone');
    return { close: async () => undefined };
  }
  const closing = new AbortController();
  const done = keepListening(options, closing.signal);
  return {
    close: async () => {
      closing.abort();
      await done;
    },
  };
}

async function keepListening(options: ListenOptions, closing: AbortSignal): Promise<void> {
  const uri = sessionUri(options.databaseUrl, { applicationName: options.applicationName });
  let failures = 0;
  while (!closing.aborted) {
    try {
      await listenOnce(uri, options.channel, closing, (payload) => {
        failures = 0;
        options.onWake(payload);
      });
    } catch (error) {
      const level = failures === 0 ? 'warn' : 'debug';
      options.logger[level](
        { err: error, channel: options.channel },
        'listening was interrupted; polling goes on',
      );
      await pause(Math.min(longestReconnectDelayMs, 500 * 2 ** failures), closing);
      failures += 1;
    }
  }
}

/** One connection's life: returns when asked to close, throws when the connection is lost. */
async function listenOnce(
  uri: string,
  channel: string,
  closing: AbortSignal,
  onWake: ListenOptions['onWake'],
): Promise<void> {
  const client = new pg.Client({
    connectionString: uri,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    query_timeout: probeTimeoutMs,
  });
  const lost = new Promise<never>((_, reject) => {
    client.on('error', reject);
    client.on('end', () => reject(new Error('connection terminated')));
  });
  lost.catch(() => undefined); // It is awaited only while something else is.
  try {
    await Promise.race([client.connect(), lost]);
    client.on('notification', ({ payload }) => onWake(payload));
    await Promise.race([client.query(`listen ${client.escapeIdentifier(channel)}`), lost]);
    onWake();
    while (!closing.aborted) {
      await Promise.race([pause(probeIntervalMs, closing), lost]);
      if (!closing.aborted) {
        await Promise.race([client.query('select 1'), lost]);
      }
    }
  } finally {
    client.removeAllListeners('notification');
    await client.end().catch(() => undefined);
  }
}
