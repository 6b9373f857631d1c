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
 * Adds the settings of a session to a connection string, as start-up options: they hold on every connection of any
 * driver from its first statement on, and survive `RESET ALL`.
 */
export function sessionUri(
  databaseUrl: string,
  { applicationName, settings }: SessionUriOptions,
): string {
  const url = new URL(databaseUrl);
  const options = Object.entries({ ...sessionSettings, ...settings }).map(
    ([name, value]) => `-c ${name}=${value.replace(/[\\ ]/g, '\\$&')}`,
  );
  const own = url.searchParams.get('options');
  url.searchParams.set('options', own === null ? options.join(' ') : [own, ...options].join(' '));
  url.searchParams.set('application_name', applicationName);
  // slonik knows three modes; its `require` verifies the certificate, which is what verify-full asks for.
  if (url.searchParams.get('sslmode') === 'verify-full') {
    url.searchParams.set('sslmode', 'require');
  }
  return url.href;
}
