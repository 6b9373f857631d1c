const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
] as const;

/** Seconds as a person says them: "12 s", "3 min 20 s", "2 h 5 min", "3 d 4 h". */
export function showSeconds(seconds: number): string {
  if (seconds < 10 && !Number.isInteger(seconds)) {
    return `${seconds.toFixed(1)} s`;
  }
  let rest = Math.round(seconds);
  for (const [index, [name, size]] of units.entries()) {
    if (rest >= size) {
      const whole = Math.floor(rest / size);
      rest -= whole * size;
      const [smaller, smallerSize] = units[index + 1] ?? (['s', 1] as const);
      const part = Math.floor(rest / smallerSize);
      return part === 0 ? `${whole} ${name}` : `${whole} ${name} ${part} ${smaller}`;
    }
  }
  return `${rest} s`;
}

/** An interval as PostgreSQL wrote it, without fractions of seconds. */
export function showInterval(interval: string): string {
  return interval.replace(/\.\d+/, '');
}
