import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { deployFolder, readDeployed } from './deploy-files.ts';

const root = join(deployFolder, '..');
const text = readDeployed('Dockerfile').replace(/\\\n\s*/g, '');
const instructions = text
  .split('\n')
  .filter((line) => /^[A-Z]+ /.test(line))
  .map((line) => ({ name: line.replace(/ .*/, ''), rest: line.replace(/^\S+ /, '') }));
const all = (name: string) =>
  instructions.filter((each) => each.name === name).map(({ rest }) => rest);
const last = (name: string) => all(name).at(-1) ?? '';

describe('the image', () => {
  it('copies what is there, and no test', () => {
    const sources = all('COPY')
      .filter((rest) => !rest.startsWith('--from'))
      .flatMap((rest) => rest.split(' ').slice(0, -1));
    expect(sources.length).toBeGreaterThan(8);
    expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([]);
    const kept = readDeployed('Dockerfile.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    expect(
      sources.filter(
        (source) => !kept.some((path) => source === path || source.startsWith(`${path}/`)),
      ),
    ).toEqual([]);
    expect(readDeployed('Dockerfile.dockerignore')).toContain('**/*.test.ts');
  });

  it('holds every package the command is made of', () => {
    const { dependencies } = JSON.parse(
      readFileSync(join(root, 'packages/cli/package.json'), 'utf8'),
    );
    const own = Object.keys(dependencies).filter((name) => name.startsWith('@silver/'));
    for (const name of ['@silver/cli', ...own]) {
      const folder = `packages/${name.replace('@silver/', '')}`;
      expect(all('COPY')).toContain(`${folder}/src ${folder}/src`);
    }
  });

  it('holds what the packages read beside their sources: the SQL, and the page of the console', () => {
    const own = all('COPY').flatMap((rest) => /^packages\/[^/]+(?=\/src )/.exec(rest) ?? []);
    const read = own
      .flatMap((folder) => globSync(`${folder}/*/`, { cwd: root }))
      .map((path) => path.replace(/\/$/, ''))
      .filter((path) => !/\/(dist|node_modules|src|sql|\..*)$/.test(path));
    expect(read).toContain('packages/console/page');
    for (const folder of ['sql', ...read]) {
      expect(all('COPY')).toContain(`${folder} ${folder}`);
    }
  });

  it('installs with the pnpm and runs with the Node that the project names', () => {
    const { packageManager, engines } = JSON.parse(
      readFileSync(join(root, 'package.json'), 'utf8'),
    );
    expect(all('RUN').join('\n')).toContain(` ${packageManager}`);
    expect(
      all('FROM').every((image) => image.startsWith(`node:${engines.node.replace('>=', '')}-`)),
    ).toBe(true);
  });

  it('runs the command, as somebody without rights', async () => {
    expect(last('USER')).toBe('node');
    const [node, ...options] = JSON.parse(last('ENTRYPOINT'));
    const program = join(root, options.pop());
    const { stdout } = await promisify(execFile)(process.execPath, [...options, program, '--help']);
    // As the command's own first line starts it.
    const firstLine = readFileSync(program, 'utf8').split('\n', 1)[0];
    expect(firstLine).toBe(`#!/usr/bin/env -S ${[node, ...options].join(' ')}`);
    expect(stdout).toContain('Usage: silver');
  });

  it('is healthy when /healthz says so', async () => {
    let status = 200;
    const paths: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url);
      response.writeHead(status).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = String((server.address() as AddressInfo).port);
    const [, , script = ''] = JSON.parse(last('HEALTHCHECK').replace(/^.*?CMD /, ''));
    expect(script).toContain(/SILVER_STATUS_PORT=(\d+)/.exec(last('ENV'))?.[1]);
    const check = () =>
      promisify(execFile)(process.execPath, ['-e', script.replace('9464', port)]).then(
        () => 0,
        ({ code }) => code,
      );
    expect(await check()).toBe(0);
    status = 503;
    expect(await check()).toBe(1);
    server.close();
    server.closeAllConnections();
    expect(await check()).toBe(1);
    expect(paths).toEqual(['/healthz', '/healthz']);
  });
});
