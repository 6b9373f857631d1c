import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { basicAuth } from 'hono/basic-auth';
import { secureHeaders } from 'hono/secure-headers';

export interface GuardOptions {
  readonly host: string;
  /** Who knows it may in: as the password of basic authentication, or as a bearer token. Null on loopback only. */
  readonly token: string | null;
  readonly mayAct: boolean;
}

/** Where the queue dashboard is mounted; its own pages need inline scripts, ours allow none. */
export const queuesPath = '/queues';

const loopbackHosts: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '::1', '[::1]']);

/** Whether an address is reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return loopbackHosts.has(host);
}

const ours = {
  defaultSrc: ["'none'"],
  baseUri: ["'none'"],
  connectSrc: ["'self'"],
  fontSrc: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  imgSrc: ["'self'", 'data:'],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
};

/** The headers of every answer: nothing from elsewhere, nothing inline, no framing. */
export function headers(): MiddlewareHandler {
  const strict = secureHeaders({
    contentSecurityPolicy: ours,
    crossOriginOpenerPolicy: 'same-origin',
    referrerPolicy: 'no-referrer',
    strictTransportSecurity: false, // whoever puts TLS before it decides that
    xFrameOptions: 'DENY',
  });
  const forQueues = secureHeaders({
    contentSecurityPolicy: {
      ...ours,
      scriptSrc: ["'self'", "'unsafe-inline'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
    },
    referrerPolicy: 'same-origin',
    strictTransportSecurity: false,
    xFrameOptions: 'DENY',
  });
  return (context, next) =>
    (context.req.path.startsWith(queuesPath) ? forQueues : strict)(context, next);
}

/**
 * Keeps strangers out: on loopback without a token, whoever names another host (a page elsewhere whose name was made
 * to resolve here); else whoever does not know the token. Writes must come from this very origin, as json.
 */
export function guards({ host, mayAct, token }: GuardOptions): readonly MiddlewareHandler[] {
  return [
    token === null ? onlyLoopbackNames(host) : onlyWithToken(token),
    async (context, next) => {
      const writes = !['GET', 'HEAD'].includes(context.req.method);
      // Before it is read what a write asks for: a browser names the origin of every one. (hono/csrf looks at forms only.)
      if (writes && isForeign(context.req.header('origin'), context.req.header('host'))) {
        return context.json(
          { message: 'This comes from another origin.', code: 'ORIGIN', remedy: null },
          403,
        );
      }
      if (writes && !mayAct && isAction(context.req.path)) {
        return context.json(
          {
            message: 'This console is read-only.',
            code: 'READ_ONLY',
            remedy: 'Start it with --act, or SILVER_CONSOLE_ACT=on.',
          },
          403,
        );
      }
      const json = context.req.header('content-type')?.startsWith('application/json') === true;
      if (writes && !json && !context.req.path.startsWith(queuesPath)) {
        return context.json(
          { message: 'Send application/json.', code: 'CONTENT_TYPE', remedy: null },
          415,
        );
      }
      return next();
    },
  ];
}

/** Being told of an effect changes nothing, so a read-only console allows it. */
function isAction(path: string): boolean {
  return path !== '/api/actions/effect';
}

function isForeign(origin: string | undefined, host: string | undefined): boolean {
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== host);
}

function onlyLoopbackNames(host: string): MiddlewareHandler {
  return async (context, next) => {
    const named = new URL(`http://${context.req.header('host') ?? ''}`).hostname;
    if (!isLoopback(named) && named !== host) {
      return context.text(`This console answers to localhost, not to ${named}.`, 421);
    }
    return next();
  };
}

function onlyWithToken(token: string): MiddlewareHandler {
  const same = (given: string) => timingSafeEqual(digest(given), digest(token));
  const basic = basicAuth({
    verifyUser: (_user, password) => same(password),
    realm: 'Silver console',
  });
  return (context, next) => {
    const bearer = /^Bearer (.+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
    return bearer !== undefined && same(bearer) ? next() : basic(context, next);
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
