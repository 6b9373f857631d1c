import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import AxeBuilderSource from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Debian's Chromium, or the one that CHROMIUM names. */
const executable = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Whether there is a browser to drive; without one these tests are skipped, and say so. */
export const hasBrowser = existsSync(executable);

/** With SILVER_PICTURES=1 the pictures of the documents are made anew. */
export const pictures =
  process.env['SILVER_PICTURES'] === '1'
    ? fileURLToPath(new URL('../../../docs/images/', import.meta.url))
    : null;

/** Starts a headless browser that talks to this machine alone. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: executable,
    args: [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-gpu',
      '--disable-quic',
      '--disable-sync',
      '--no-first-run',
      '--no-sandbox', // Chromium will not run as root with one, and containers are root
    ],
  });
}

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly string[];
}

/** What axe finds wrong with the page for a keyboard or a screen reader: the serious and the critical. */
export async function seriousFindings(page: Page): Promise<readonly Finding[]> {
  await page.evaluate(AxeBuilderSource.source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(): Promise<{
          violations: {
            id: string;
            impact: string;
            nodes: { html: string; failureSummary?: string }[];
          }[];
        }>;
      };
    };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, impact, nodes }) => ({
        id,
        impact,
        nodes: nodes.slice(0, 3).map(({ failureSummary, html }) => `${html} ${failureSummary}`),
      }));
  });
}

/** Takes the picture of a page, where pictures are wanted. */
export async function takePicture(page: Page, name: string): Promise<void> {
  if (pictures !== null) {
    await mkdir(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
  }
}
