const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A duration in its two largest units: 2 d 3 h; below a second in milliseconds. */
export function formatSeconds(seconds: number | null): string {
  if (seconds === null || !Number.isFinite(seconds)) {
    return '–';
  }
  if (seconds > 0 && seconds < 1) {
    return `${Math.max(1, Math.round(seconds * 1000))} ms`;
  }
  let left = Math.round(seconds);
  const parts: string[] = [];
  for (const [unit, size] of units) {
    const amount = Math.floor(left / size);
    if (amount > 0 || (unit === 'second' && parts.length === 0)) {
      parts.push(narrow(amount, unit));
      left -= amount * size;
    } else if (parts.length > 0) {
      break;
    }
    if (parts.length === 2) {
      break;
    }
  }
  return parts.join(' ');
}

function narrow(amount: number, unit: (typeof units)[number][0]): string {
  const words = { day: 'd', hour: 'h', minute: 'min', second: 's' };
  return `${amount} ${words[unit]}`;
}

const counts = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** A count, written out up to a million and compact beyond. */
export function formatCount(count: number | null): string {
  if (count === null) {
    return '–';
  }
  return Math.abs(count) < 1_000_000 ? counts.format(count) : compact.format(count);
}

/** Bytes in binary units. */
export function formatBytes(bytes: number): string {
  const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = Math.min(steps.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${counts.format(bytes / 1024 ** step)} ${steps[step]}`;
}

const intervalParts =
  /^(?:(-?\d+) years? ?)?(?:(-?\d+) mons? ?)?(?:(-?\d+) days? ?)?(?:(\d+):(\d\d):(\d\d(?:\.\d+)?))?$/;

/** An interval as PostgreSQL writes it, in words: `01:00:00` is 1 h, `1111:00:00` is 46 d 7 h; whatever else it may be stays as it is. */
export function formatInterval(interval: string | null): string {
  const parts = intervalParts.exec(interval ?? '');
  if (interval === null || parts === null) {
    return interval ?? '–';
  }
  const [years, months, days, hours, minutes, seconds] = parts
    .slice(1)
    .map((part) => Number(part ?? 0));
  const calendar = [
    [years, 'y'],
    [months, 'mo'],
    [days, 'd'],
  ].flatMap(([amount, word]) => (amount ? [`${amount} ${word}`] : []));
  const clock = (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0);
  return [...calendar, ...(clock > 0 || calendar.length === 0 ? [formatSeconds(clock)] : [])].join(
    ' ',
  );
}
