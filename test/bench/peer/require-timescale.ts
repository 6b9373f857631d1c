import { connect } from '@silver/demo';
import { Refusal } from '../refusal.ts';
import { describeMachine } from '../report/print-report.ts';
import { serverSettings } from '../server/start-bench-server.ts';

/** The first with `by_range`. */
const oldestVersion = [2, 13] as const;

export interface PeerServer {
  readonly version: string;
  /** What the tables are to say of it: versions, and the values of the settings that the bench's own server is given. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface PeerFacts {
  /** What `version()` says. */
  readonly server: string;
  readonly user: string;
  readonly isSuperuser: boolean;
  readonly available: string | null;
  readonly preloaded: string;
}

/**
 * Looks whether a server can be measured: a superuser's URL, TimescaleDB at hand and loaded, under the licence that has continuous aggregates.
 * Errors say what is missing and what to do.
 */
export async function requireTimescale(url: string, signal: AbortSignal): Promise<PeerServer> {
  await using connection = await connect(url, signal).catch((cause: unknown) => {
    throw new Refusal(
      `--peer: there is no connection to ${withoutPassword(url)}: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  });
  const { client } = connection;
  const { rows } = await client.query<PeerFacts>(
    `select version() as server, current_user as "user",
       (select rolsuper from pg_roles where rolname = current_user) as "isSuperuser",
       (select default_version from pg_available_extensions where name = 'timescaledb') as available,
       current_setting('shared_preload_libraries') as preloaded`,
  );
  const [facts] = rows;
  const problem = facts === undefined ? 'it answers nothing' : problemOf(facts);
  if (facts === undefined || problem !== undefined) {
    throw new Refusal(`--peer: ${withoutPassword(url)} cannot be measured: ${problem}`);
  }
  const { rows: known } = await client.query<{ name: string; setting: string }>(
    `select name, current_setting(name) as setting from pg_settings
     where name = any ($1::text[]) or name like 'timescaledb.%' and source <> 'default' order by name`,
    [[...Object.keys(serverSettings), 'timescaledb.license']],
  );
  const license = known.find(({ name }) => name === 'timescaledb.license')?.setting;
  if (license !== undefined && license !== 'timescale') {
    throw new Refusal(
      `--peer: ${withoutPassword(url)} cannot be measured: timescaledb.license is ${license}, which has no continuous aggregates; set it to timescale`,
    );
  }
  return {
    version: facts.server,
    settings: {
      ...describeMachine(facts.server),
      timescaledb: facts.available ?? 'unknown',
      ...Object.fromEntries(known.map(({ name, setting }) => [name, setting])),
    },
  };
}

/** What is in the way of measuring a server, if anything, and what to do. */
export function problemOf({
  available,
  isSuperuser,
  preloaded,
  user,
}: Omit<PeerFacts, 'server'>): string | undefined {
  if (!isSuperuser) {
    return `${user} is no superuser, and the bench makes databases and extensions there; give the URL of one`;
  }
  if (available === null) {
    return 'it has no extension timescaledb; install it, or leave --peer out';
  }
  const [major = 0, minor = 0] = available.split('.').map((part) => Number.parseInt(part, 10));
  if (major < oldestVersion[0] || (major === oldestVersion[0] && minor < oldestVersion[1])) {
    return `it has timescaledb ${available}; the bench needs ${oldestVersion.join('.')} or newer`;
  }
  return preloaded.includes('timescaledb')
    ? undefined
    : 'timescaledb is not in its shared_preload_libraries; add it and restart the server';
}

function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    parsed.password = '';
    return parsed.href;
  } catch {
    return 'the URL given';
  }
}
