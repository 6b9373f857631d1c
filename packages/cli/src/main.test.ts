import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const as = (version: string) =>
  `data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"${version}"}})`;
const silver = (...options: string[]) =>
  spawnSync(process.execPath, [...options, main, '--help'], { encoding: 'utf8' });

it('says on a Node that is too old which it needs, before anything that Node lacks is loaded', () => {
  expect(silver('--import', as('20.20.2'))).toMatchObject({
    status: 1,
    stdout: '',
    stderr: expect.stringMatching(/needs Node 24 or later, and this is 20\.20\.2\.\nInstall/),
  });
  expect(silver('--import', as('24.0.0'))).toMatchObject({ status: 0, stderr: '' });
});
