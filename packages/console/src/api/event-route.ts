import type { OpenAPIHono } from '@hono/zod-openapi';
import { streamSSE } from 'hono/streaming';
import type { Feed, Look } from '../live/live-state-feed.ts';

/** A silent connection is told something this often, so that proxies keep it and a broken one is noticed. */
const keepAliveMs = 15_000;

/**
 * `GET /api/events[?rollup=ID]`: server-sent events. `state`: what `/api/state` answers; `detail`: that rollup, as
 * `/api/rollups/ID` answers; each sent when it differs from the last one sent. `trouble`: the database does not answer.
 */
export function addEventRoute(app: OpenAPIHono, feed: Feed): void {
  app.get('/api/events', (context) => {
    const asked = context.req.query('rollup');
    const rollupId = asked !== undefined && /^\d{1,9}$/.test(asked) ? Number(asked) : null;
    return streamSSE(context, async (stream) => {
      const sent = new Map<string, string>();
      // One write at a time: a slow page skips looks instead of piling them up.
      let writing = Promise.resolve();
      let waiting = false;
      const send = (event: string, data: string) =>
        stream.writeSSE({ event, data }).catch(() => stream.abort());
      const tell = async (look: Look): Promise<void> => {
        const { details, state, stateWithoutTime } = textsOf(look);
        await sendChanged('state', stateWithoutTime, state);
        const detail = rollupId === null ? undefined : details.get(rollupId);
        if (detail !== undefined) {
          await sendChanged('detail', detail, detail);
        }
      };
      const sendChanged = async (event: string, key: string, text: string): Promise<void> => {
        if (sent.get(event) !== key) {
          sent.set(event, key);
          await send(event, text);
        }
      };
      const unsubscribe = feed.subscribe({
        rollupId,
        onLook: (look) => {
          if (!waiting) {
            waiting = true;
            writing = writing.then(() => {
              waiting = false;
              return tell(look);
            });
          }
        },
        onTrouble: () => {
          sent.clear();
          writing = writing.then(() => send('trouble', '{}'));
        },
      });
      const ended = new Promise<void>((resolve) => stream.onAbort(resolve));
      const beat = setInterval(() => {
        writing = writing.then(() => send('alive', '{}'));
      }, keepAliveMs);
      await ended;
      clearInterval(beat);
      unsubscribe();
    });
  });
}

interface LookTexts {
  readonly state: string;
  readonly stateWithoutTime: string;
  readonly details: ReadonlyMap<number, string>;
}

const texts = new WeakMap<Look, LookTexts>();

/** A look as json, written once for all pages: of 1,000 rollups it is most of a megabyte. */
function textsOf(look: Look): LookTexts {
  const known = texts.get(look);
  if (known !== undefined) {
    return known;
  }
  const { read_at: _, ...rest } = look.state;
  const made = {
    state: JSON.stringify(look.state),
    stateWithoutTime: JSON.stringify(rest),
    details: new Map([...look.details].map(([id, detail]) => [id, JSON.stringify(detail)])),
  };
  texts.set(look, made);
  return made;
}
