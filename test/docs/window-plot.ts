import { type ChunkAverages, defaultWindowLimits, sizeWindow } from '@silver/shared';

/** One chunk of a simulated backlog. */
export interface SimulatedChunk {
  readonly durationMs: number;
  readonly windowBuckets: number;
}

const targetMs = 1_000;
const rowsPerMs = 2_000;
const overheadMs = 5;
/** As `silver.log_rollup_success` moves the averages. */
const averageWeight = 1 / 3;
const before = 10;
const after = 20;

/** Chunks one after the other, by the real `sizeWindow`, over a source whose density jumps after the tenth. */
export function simulateJump(jump: number): readonly SimulatedChunk[] {
  const density = 1_000;
  let windowBuckets = Math.floor(((targetMs - overheadMs) * rowsPerMs) / density);
  let averages: ChunkAverages = {
    durationMs: targetMs,
    rows: windowBuckets * density,
    buckets: windowBuckets,
  };
  return Array.from({ length: before + after }, (_, index) => {
    windowBuckets = sizeWindow({
      windowBuckets,
      averages,
      targetDurationMs: targetMs,
      estimatedDensity: null,
      limits: defaultWindowLimits,
      pressure: 1,
    });
    const rows = windowBuckets * density * (index < before ? 1 : jump);
    const durationMs = overheadMs + rows / rowsPerMs;
    const move = (average: number, value: number) => average + averageWeight * (value - average);
    averages = {
      durationMs: move(averages.durationMs, durationMs),
      rows: move(averages.rows, rows),
      buckets: move(averages.buckets, windowBuckets),
    };
    return { durationMs, windowBuckets };
  });
}

const width = 640;
const height = 300;
const left = 64;
const right = 16;
const top = 32;
const bottom = 44;
const decades = { from: 0, to: 6 } as const; // 1 ms to 1,000 s

/** How long each chunk takes, as an SVG: two curves on a logarithmic scale, the target between them. */
export function windowPlot(): string {
  const x = (chunk: number) => left + ((width - left - right) * chunk) / (before + after - 1);
  const y = (ms: number) =>
    top +
    (height - top - bottom) * (1 - (Math.log10(ms) - decades.from) / (decades.to - decades.from));
  const curve = (jump: number, colour: string) => {
    const points = simulateJump(jump).map(
      ({ durationMs }, index) => `${x(index).toFixed(1)},${y(durationMs).toFixed(1)}`,
    );
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.join(' ')}"/>`;
  };
  const label = (at: readonly [number, number], text: string, more = '') =>
    `<text x="${at[0].toFixed(1)}" y="${at[1].toFixed(1)}" ${more}>${text}</text>`;
  const scale = [1, 100, 1_000, 10_000, 1_000_000].flatMap((ms) => [
    `<line x1="${left}" x2="${width - right}" y1="${y(ms).toFixed(1)}" y2="${y(ms).toFixed(1)}" stroke="#888" stroke-opacity="${ms === targetMs ? 1 : 0.3}"${ms === targetMs ? ' stroke-dasharray="4 3"' : ''}/>`,
    label([left - 6, y(ms) + 4], ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`, 'text-anchor="end"'),
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" fill="#777" role="img" aria-label="Duration of thirty chunks one after the other; after the tenth the source is a hundred times denser, or sparser; within ten chunks both come back to the target of one second.">`,
    label(
      [left, 18],
      'duration of each chunk; the source turns a hundredfold denser or sparser after the tenth',
    ),
    ...scale,
    curve(100, '#d9480f'),
    curve(0.01, '#1971c2'),
    label([x(before) + 8, y(60_000)], 'a hundredfold denser', 'style="fill:#d9480f"'),
    label([x(before) + 8, y(7)], 'a hundredfold sparser', 'style="fill:#1971c2"'),
    label([width - right, y(targetMs) - 6], 'target', 'text-anchor="end"'),
    ...[1, before, before * 2, before * 3].map((chunk) =>
      label([x(chunk - 1), height - bottom + 18], `${chunk}`, 'text-anchor="middle"'),
    ),
    label([left + (width - left - right) / 2, height - 8], 'chunk', 'text-anchor="middle"'),
    '</svg>',
    '',
  ].join('\n');
}
