/** Settings every session of Silver has, whatever the server's or the role's defaults are. */
const sessionSettings: Readonly<Record<string, string>> = {
  // The protocol of sealing and the chunk's ledger are reasoned through for READ COMMITTED: a statement must see
  // what others committed before it began. pg-boss opens its transactions with a bare BEGIN, so it is set here.
  default_transaction_isolation: 'read committed',
  timezone: 'UTC',
  // Names are always written and shown with their schema, whatever a role or a database would add.
  search_path: '',
};

/**
 * Sessions of schedulers and workers commit without waiting for the disk. All they write is derived from what is in the
 * same log before it: a crash of the server that takes one of their commits back takes back all that was built on it,
 * and the work is simply not done yet. What people command is committed durably.
 */
export const serviceSettings: Readonly<Record<string, string>> = { synchronous_commit: 'off' };

export interface SessionUriOptions {
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Further settings of the session, such as `lock_timeout`. */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Whether the connection string leads through a pooler in transaction mode, such as PgBouncer's, by its parameter
 * `pooler=transaction`: each transaction may then be on another of the server's sessions, so nothing can be set for a
 * session, and nothing can be listened to.
 */
export function isThroughPooler(databaseUrl: string): boolean {
  return new URL(databaseUrl).searchParams.get('pooler') === 'transaction';
}

/**
 * Adds the settings of a session to a connection string, as start-up options: they hold on every connection of any
 * driver from its first statement on, and survive `RESET ALL`. Through a transaction-mode pooler there are none: what a
 * chunk needs is set in its transaction, and the rest is up to the role (see `checkSession`).
 */
export function sessionUri(
  databaseUrl: string,
  { applicationName, settings }: SessionUriOptions,
): string {
  const url = new URL(databaseUrl);
  url.searchParams.set('application_name', applicationName);
  // node-postgres verifies in both modes, and warns of the one whose meaning will change.
  if (url.searchParams.get('sslmode') === 'require') {
    url.searchParams.set('sslmode', 'verify-full');
  }
  const pooled = isThroughPooler(databaseUrl);
  url.searchParams.delete('pooler');
  if (pooled) {
    return url.href;
  }
  const options = Object.entries({ ...sessionSettings, ...settings }).map(
    ([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, '\\$&')}`,
  );
  const own = url.searchParams.get('options');
  url.searchParams.set('options', own === null ? options.join(' ') : [own, ...options].join(' '));
  return url.href;
}
