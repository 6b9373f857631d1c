import { readFileSync } from 'node:fs';
import { SilverError } from '../errors/silver-error.ts';

/**
 * Whom PostgreSQL is to run as. It refuses to run as root, and asks for an entry in the list of users: so as root it is
 * `nobody`, or else any user that is not root. Undefined when we are not root: then it is ourselves.
 */
export function unprivilegedOwner(
  users = () => readFileSync('/etc/passwd', 'utf8'),
): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) {
    return undefined;
  }
  const entries = users()
    .split('\n')
    .map((line) => line.split(':'))
    .map(([name, , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ uid, gid }) => uid > 0 && gid >= 0);
  const owner = entries.find(({ name }) => name === 'nobody') ?? entries[0];
  if (owner === undefined) {
    throw new SilverError(
      'POSTGRES_MISSING',
      'PostgreSQL does not run as root, and /etc/passwd lists nobody else',
      { remedy: 'Add a user, or run as one that is not root.' },
    );
  }
  return { uid: owner.uid, gid: owner.gid };
}
