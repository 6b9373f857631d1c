import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { build } from 'esbuild';

/** `page/` beside `src/` in the repository, beside `dist/` in the published package. */
const folder = fileURLToPath(new URL('../../page/', import.meta.url));

interface Asset {
  readonly body: string;
  readonly type: string;
}

/**
 * Bundles the page and serves it from memory: one script, one stylesheet, one document, all from this origin.
 * The document answers every path that is no other's, so that a link to a rollup can be opened and reloaded.
 */
export async function servePage(app: OpenAPIHono): Promise<void> {
  const assets = await bundlePage();
  const document = await readFile(`${folder}index.html`, 'utf8');
  for (const [path, { body, type }] of assets) {
    app.get(path, (context) =>
      context.body(body, 200, { 'content-type': type, 'cache-control': 'no-cache' }),
    );
  }
  app.get('*', (context) => context.html(document, 200, { 'cache-control': 'no-cache' }));
}

async function bundlePage(): Promise<ReadonlyMap<string, Asset>> {
  const { outputFiles } = await build({
    bundle: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    entryPoints: [`${folder}console.tsx`, `${folder}console.css`],
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    minify: true,
    outdir: '/',
    target: 'es2022',
    write: false,
  });
  return new Map(
    outputFiles.map(({ path, text }) => [
      path,
      { body: text, type: path.endsWith('.css') ? 'text/css' : 'text/javascript' },
    ]),
  );
}
