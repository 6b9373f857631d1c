import { type Console, startConsole } from '@silver/console';
import { afterAll, beforeAll } from 'vitest';
import { quietLogger, testConfig } from '../silver-under-test.ts';

/** A console on a free port for the tests of a file or a `describe`; called after `useDatabase`, it ends before the database does. */
export function useConsole(
  database: { readonly url: string },
  variables: Record<string, string> = {},
): { readonly url: string } {
  let running: Console | undefined;
  beforeAll(async () => {
    const config = testConfig(database.url, { SILVER_CONSOLE_PORT: '0', ...variables });
    running = await startConsole(config, quietLogger());
  });
  afterAll(async () => running?.stop());
  return {
    get url() {
      return running?.url ?? 'not started';
    },
  };
}

/** Sends json, as the page does. */
export function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** Reads server-sent events until one of that name satisfies the test; the connection is closed then. */
export async function nextEvent<Data>(
  url: string,
  name: string,
  fits: (data: Data) => boolean = () => true,
): Promise<Data> {
  const stop = AbortSignal.timeout(20_000);
  const response = await fetch(url, { signal: stop });
  let text = '';
  for await (const part of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const [, kind] = /^event: (.*)$/m.exec(event) ?? [];
      const [, data = 'null'] = /^data: (.*)$/m.exec(event) ?? [];
      const parsed = JSON.parse(data) as Data;
      if (kind === name && fits(parsed)) {
        return parsed;
      }
    }
  }
  throw new Error(`no event ${name} came`);
}
