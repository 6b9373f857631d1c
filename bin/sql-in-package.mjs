// Puts sql/ into packages/shared for as long as that is packed, so that the package carries its SQL: `add` before, `remove` after.

import { cpSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const copy = join(root, 'packages/shared/sql');

rmSync(copy, { recursive: true, force: true });
if (process.argv[2] === 'add') {
  cpSync(join(root, 'sql'), copy, { recursive: true });
}
