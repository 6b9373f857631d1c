import { formatInstant } from './instant.tsx';

const minuteMs = 60_000;
const dayMs = 1_440 * minuteMs;

/** What stands at a mark of a time axis: as much of the instant as the width of the whole needs. */
export function axisLabel(atMs: number, widthMs: number, zone: string): string {
  const text = formatInstant(new Date(atMs).toISOString(), zone); // 2026-03-01 12:00:00
  if (widthMs > 3 * dayMs) {
    return text.slice(0, 10);
  }
  if (widthMs > dayMs) {
    return text.slice(5, 16);
  }
  return text.slice(11, widthMs > 10 * minuteMs ? 16 : 19);
}
