// Runs the checks, all of them or those named, side by side, and says which failed. Each is a tool, or one of the functions
// below where none fits: dependency-cruiser cannot read TypeScript without the compiler's old JavaScript interface.

import { execFile } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Each returns what is wrong, a line each. */
const checks: Record<string, () => string[] | Promise<string[]>> = {
  types: () => tool('tsc', ['--build']),
  lint: () => tool('biome', ['check', '--error-on-warnings']),
  dead: () => tool('knip', []),
  direction: dependencyDirection,
  links: documentLinks,
  sql: sqlInTypeScript,
};

const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in checks));
if (unknown.length > 0) {
  console.error(
    `no such check: ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}`,
  );
  process.exit(2);
}
const results = await Promise.all(
  Object.entries(checks)
    .filter(([name]) => named.length === 0 || named.includes(name))
    .map(async ([name, check]) => {
      const problems = await check();
      const lines = problems.map((problem) => `  ${problem}`);
      console.log([`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name}`, ...lines].join('\n'));
      return problems.length === 0;
    }),
);
process.exitCode = results.every((good) => good) ? 0 : 1;

function tool(name: string, args: readonly string[]): Promise<string[]> {
  return new Promise((resolve) => {
    const file = join(root, 'node_modules/.bin', name);
    execFile(file, args, { cwd: root, maxBuffer: 1e9 }, (error, stdout, stderr) => {
      // A tool that fails without a word has failed all the same.
      const output = `${stdout}\n${stderr}`.trim() || `${name} failed: ${error?.message}`;
      resolve(error === null ? [] : output.split('\n'));
    });
  });
}

/** shared knows nobody; scheduler and worker know shared alone; the command line starts them; demo and test may know all. */
function dependencyDirection(): string[] {
  const allowed: Record<string, readonly string[]> = {
    shared: [],
    scheduler: ['shared'],
    worker: ['shared'],
    console: ['shared'],
    cli: ['shared', 'scheduler', 'worker', 'console'],
    demo: ['shared', 'cli'],
  };
  return globSync('packages/*/src/**/*.ts', { cwd: root }).flatMap((file) => {
    const own = file.split('/')[1] ?? '';
    const text = readFileSync(join(root, file), 'utf8');
    const used = [...text.matchAll(/from '@silver\/([a-z-]+)/g)].map(([, name]) => name ?? '');
    const outside = [...text.matchAll(/from '(\.\.?\/[^']+)'/g)]
      .map(([, path]) =>
        relative(join(root, 'packages', own, 'src'), resolve(root, dirname(file), path ?? '')),
      )
      .filter((path) => path.startsWith('..'));
    return [
      ...used
        .filter((name) => !(allowed[own] ?? []).includes(name))
        .map((name) => `${file}: ${own} must not know ${name}`),
      ...outside.map((path) => `${file}: reaches outside its package: ${path}`),
    ];
  });
}

/** Every relative link of the documents leads to a file, and to a heading of it. */
function documentLinks(): string[] {
  const documents = globSync(['*.md', 'docs/**/*.md', 'deploy/**/*.md'], { cwd: root });
  return documents.flatMap((document) => {
    const text = withoutCode(readFileSync(join(root, document), 'utf8'));
    return [...text.matchAll(/\]\((?![a-z]+:)([^)\s]+)\)/g)].flatMap(([, link = '']) => {
      const [path = '', heading] = link.split('#');
      const file = path === '' ? join(root, document) : resolve(root, dirname(document), path);
      if (!existsSync(file)) {
        return [`${document}: no such file: ${link}`];
      }
      return heading === undefined || !file.endsWith('.md') || headings(file).has(heading)
        ? []
        : [`${document}: no such heading: ${link}`];
    });
  });
}

function headings(file: string): Set<string> {
  const text = withoutCode(readFileSync(file, 'utf8'));
  const titles = [...text.matchAll(/^#+ +(.+)$/gm)].map(([, title = '']) => title);
  return new Set(
    titles.map((title) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  );
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^```[\s\S]*?^```/gm, '');
}

/** SQL is source: TypeScript calls functions of it. A statement in a string or template is one short line. */
function sqlInTypeScript(): string[] {
  const longest = 160;
  const statement =
    /(['"`])\s*(?:select|insert into|update|delete from|with|create|alter)\b[\s\S]*?\1/gi;
  return globSync('packages/*/src/**/*.ts', { cwd: root, exclude: ['**/*.test.ts'] }).flatMap(
    (file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(statement)]
        .map(([text]) => text)
        .filter((text) => text.includes('\n') || text.length > longest)
        .map(
          (text) => `${file}: more SQL than a call: ${text.slice(0, 60).replaceAll('\n', ' ')}…`,
        ),
  );
}
