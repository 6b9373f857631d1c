import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandEnvironment, fingerprint, root } from './install-toolchain.mjs';

describe('commandEnvironment', () => {
  const environment = commandEnvironment({
    PATH: '/bin',
    DATABASE_URL: 'postgres://db',
    npm_config_loglevel: 'silent',
    NPM_CONFIG_PREFIX: '/usr',
  });

  it('puts the Node and the tools of the repository first', () => {
    const path = environment['PATH']?.split(delimiter) ?? [];
    expect(path[0]).toBe(join(root, 'node_modules', '.bin'));
    expect(path.at(-1)).toBe('/bin');
  });

  it('keeps what the user set and drops what npm set', () => {
    expect(environment['DATABASE_URL']).toBe('postgres://db');
    expect(Object.keys(environment).filter((name) => /^npm_/i.test(name))).toEqual([]);
  });
});

describe('fingerprint', () => {
  it('is the same as long as nothing changes', () => {
    expect(fingerprint()).toBe(fingerprint());
    expect(fingerprint()).toMatch(/^[0-9a-f]{64}$/);
  });
});
