import { describe, it } from 'vitest';
import { findPgBouncer, startPgBouncer } from '../../support/pgbouncer.ts';
import { underFire } from './scenarios.ts';

if (findPgBouncer() === undefined) {
  process.stderr.write(
    'NOT TESTED: behind PgBouncer, which is not installed (Debian: apt-get install pgbouncer).\n',
  );
  describe('a fleet behind PgBouncer', () => {
    it.skip('PgBouncer is not installed', () => undefined);
  });
} else {
  underFire('behind a PgBouncer in transaction mode', startPgBouncer);
}
