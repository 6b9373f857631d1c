import { formatCount } from '../time/duration.ts';

const minutes = 30;
const height = 18;
const width = minutes * 3;

/** Rows read in each of the last thirty minutes, as bars. */
export function Sparkline({ rowsByMinute }: { rowsByMinute: Readonly<Record<string, number>> }) {
  const bars = Array.from({ length: minutes }, (_, minute) => rowsByMinute[minute] ?? 0);
  const most = Math.max(...bars);
  const total = bars.reduce((sum, rows) => sum + rows, 0);
  const label = `${formatCount(total)} rows read in the last 30 minutes`;
  return (
    <svg class="sparkline" width={width} height={height} role="img" aria-label={label}>
      <title>{label}</title>
      <line x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} />
      {bars.map((rows, minute) => {
        const size = most > 0 && rows > 0 ? Math.max(1, (rows / most) * height) : 0;
        return <rect key={minute} x={minute * 3} y={height - size} width="2" height={size} />;
      })}
    </svg>
  );
}
