import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { driftBetween } from './compare-reports.ts';
import { mergeReports } from './merge-reports.ts';
import { type BenchReport, readReport } from './report.ts';
import { writePerformance } from './write-performance.ts';

const time = (variant: string, medianMs: number, details = {}) => ({
  variant,
  medianMs,
  minMs: medianMs - 1,
  maxMs: medianMs + 1,
  details,
});

function reportWith(rows: string, scenario: string, ratio: number): BenchReport {
  return {
    settings: { cpu: 'one', rows, rounds: '1', seed: '1', measured: '2026-11-25 13:00' },
    scenarios: [
      {
        scenario,
        description: `what ${scenario} measures`,
        variants: [time('by hand', 100), time('one worker', 100 * ratio)],
        ratios: [{ name: 'worker / hand', median: ratio, wanted: 1, isAsWanted: ratio <= 1 }],
        limits: [],
        plots: [],
      },
    ],
  };
}

const grown: BenchReport = {
  ...reportWith('1000', 'growth', 1),
  scenarios: [
    {
      scenario: 'growth',
      description: 'growth',
      variants: [1, 10, 100].map((x) => time(`curve, ${x}`, x * 3, { x })),
      ratios: [],
      limits: [],
      plots: [
        {
          name: 'rows',
          title: 'by rows',
          x: 'rows',
          isLog: true,
          curves: [{ label: 'Silver', variant: 'curve' }],
        },
      ],
    },
  ],
};

describe('the document of performance', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'silver-performance-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('tells of each scenario how large it was, and of each mark whether it was reached', async () => {
    const runs = [grown, reportWith('2000', 'late', 1.2), reportWith('1000', 'fill', 0.9)];
    await mkdir(join(directory, 'performance'));
    await writeFile(join(directory, 'performance', 'gone.svg'), 'of a scenario that is no more');
    await writePerformance(mergeReports(runs), directory);
    const text = await readFile(join(directory, 'performance.md'), 'utf8');
    expect(text).toContain('1 of 2 marks were reached');
    expect(text).toContain('| fill | 1,000 | worker / hand | 1 | 0.900 | yes |');
    expect(text).toContain('| late | 2,000 | worker / hand | 1 | 1.20 | **no** |');
    expect(text.indexOf('## fill')).toBeLessThan(text.indexOf('## late'));
    expect(text).toContain('| 1-minute continuous aggregate'.slice(2));
    expect((await readdir(join(directory, 'performance'))).toSorted()).toEqual([
      'fill.svg',
      'growth-rows.svg',
      'late.svg',
    ]);
    const pictures = [...text.matchAll(/\]\((performance\/[^)]+)\)/g)].map(([, path]) => path);
    expect(pictures).toHaveLength(3);
    const plot = await readFile(join(directory, 'performance/growth-rows.svg'), 'utf8');
    expect(plot).toMatch(/^<svg[\s\S]*by rows/);
    // A bar as long as its value: the worker took nine tenths of the time by hand.
    const bars = await readFile(join(directory, 'performance/fill.svg'), 'utf8');
    const [byHand = 0, worker = 0] = [...bars.matchAll(/median: ([\d.]+)/g)].map(([, value]) =>
      Number(value),
    );
    expect(worker / byHand).toBeCloseTo(0.9);
  });

  it('stands as the baseline gives it: npm run bench -- document test/bench/baseline.json', async () => {
    const baseline = await readReport(join(import.meta.dirname, '../baseline.json'));
    await writePerformance(mergeReports([baseline]), directory);
    const docs = join(import.meta.dirname, '../../../docs');
    const read = (folder: string) => readFile(join(folder, 'performance.md'), 'utf8');
    expect(await read(docs)).toBe(await read(directory));
    expect((await readdir(join(docs, 'performance'))).toSorted()).toEqual(
      (await readdir(join(directory, 'performance'))).toSorted(),
    );
  });

  it('takes a scenario from the last run that measured it', () => {
    const merged = mergeReports([reportWith('1000', 'fill', 0.9), reportWith('2000', 'fill', 0.8)]);
    expect(merged.scenarios.map(({ ratios, run }) => [run.rows, ratios[0]?.median])).toEqual([
      ['2000', 0.8],
    ]);
    expect(merged.settings).toEqual({ cpu: 'one' });
  });
});

describe('the drift from a baseline', () => {
  it('knows the size of each side, of merged runs too', () => {
    const baseline = mergeReports([reportWith('1000', 'fill', 0.8)]);
    expect(driftBetween(baseline, reportWith('2000', 'fill', 1))).toEqual([
      { scenario: 'fill', name: 'worker / hand', before: 0.8, after: 1, rows: ['1000', '2000'] },
    ]);
  });
});
