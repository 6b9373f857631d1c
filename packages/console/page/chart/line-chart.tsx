import { useEffect, useRef } from 'preact/hooks';
import UPlot from 'uplot';
import { colourOf, useTheme } from '../settings/colours.ts';
import { axisLabel } from '../time/axis-label.ts';
import { formatInstant } from '../time/instant.tsx';
import { useZone } from '../time/zone.ts';

export interface Line {
  readonly label: string;
  readonly colour: `--${string}`;
  readonly values: readonly (number | null)[];
  /** Lines with the same unit share an axis; at most two units. */
  readonly unit: string;
  readonly format: (value: number) => string;
  readonly points?: boolean;
  /** Its axis begins at zero, as that of a count or a duration should. */
  readonly fromZero?: boolean;
}

export interface LineChartProps {
  /** Seconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  /** Said to whoever cannot see it. */
  readonly label: string;
  /** Stretches to be shaded, in seconds. */
  readonly shaded?: readonly (readonly [from: number, to: number])[];
}

const height = 220;

/** Lines over time, with uPlot. */
export function LineChart({ label, lines, shaded = [], times }: LineChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  const zone = useZone();
  useEffect(() => {
    const element = frame.current;
    if (element === null) {
      return;
    }
    const widthMs = ((times.at(-1) ?? 0) - (times[0] ?? 0)) * 1000;
    const units = [...new Set(lines.map(({ unit }) => unit))];
    const plot = new UPlot(
      {
        width: Math.max(200, element.clientWidth),
        height,
        tzDate: (seconds) => UPlot.tzDate(new Date(seconds * 1000), zone),
        legend: { live: true },
        cursor: { drag: { x: true, y: false } },
        scales: Object.fromEntries(
          units.map((unit) => [
            unit,
            lines.some((line) => line.unit === unit && line.fromZero)
              ? { auto: true, range: fromZero }
              : { auto: true },
          ]),
        ),
        axes: [
          {
            stroke: colourOf('--quiet'),
            grid: { stroke: colourOf('--line'), width: 1 },
            space: 100,
            values: (_: UPlot, splits: number[]) =>
              splits.map((at) => axisLabel(at * 1000, widthMs, zone)),
          },
          ...units.map((unit, index) => ({
            scale: unit,
            side: index === 0 ? (3 as const) : (1 as const),
            size: 70,
            stroke: colourOf('--quiet'),
            grid: { show: index === 0, stroke: colourOf('--line'), width: 1 },
            values: (_: UPlot, splits: number[]) =>
              splits.map((value) => lines.find((line) => line.unit === unit)?.format(value) ?? ''),
          })),
        ],
        series: [
          {
            value: (_: UPlot, at: number | null) =>
              at === null ? '–' : formatInstant(new Date(at * 1000).toISOString(), zone),
          },
          ...lines.map((line) => ({
            label: line.label,
            scale: line.unit,
            stroke: colourOf(line.colour),
            width: 1.5,
            points: { show: line.points ?? false, size: 4 },
            value: (_: UPlot, value: number | null) => (value === null ? '–' : line.format(value)),
          })),
        ],
        hooks: { drawClear: [(drawn) => shade(drawn, shaded)] },
      },
      [[...times], ...lines.map(({ values }) => [...values])] as UPlot.AlignedData,
      element,
    );
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: Math.max(200, element.clientWidth), height }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [times, lines, shaded, theme, zone]);
  return <div class="chart" ref={frame} role="img" aria-label={label} />;
}

/** From zero to a little above the largest; to one where that is zero, for then there is nothing to scale by. */
function fromZero(_: UPlot, _least: number | null, largest: number | null): [number, number] {
  return [0, largest !== null && largest > 0 ? largest * 1.05 : 1];
}

function shade(plot: UPlot, stretches: readonly (readonly [number, number])[]): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.fillStyle = colourOf('--shade');
  for (const [from, to] of stretches) {
    const left = Math.max(bbox.left, plot.valToPos(from, 'x', true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(to, 'x', true));
    if (right > left) {
      ctx.fillRect(left, bbox.top, right - left, bbox.height);
    }
  }
  ctx.restore();
}
