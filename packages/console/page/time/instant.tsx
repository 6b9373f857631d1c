import { useZone } from './zone.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

/** An instant in a zone, to the second, as 2026-03-01 12:00:00. Infinities and what is no instant are told in words. */
export function formatInstant(instant: string | null, zone: string): string {
  if (instant === null) {
    return '–';
  }
  if (instant === 'infinity' || instant === '-infinity') {
    return instant === 'infinity' ? 'for ever' : 'the beginning';
  }
  const date = new Date(instant);
  if (Number.isNaN(date.getTime())) {
    return instant;
  }
  let format = formats.get(zone);
  if (format === undefined) {
    // Swedish writes dates as ISO 8601 does.
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    formats.set(zone, format);
  }
  return format.format(date);
}

/** An instant, in the zone chosen; the exact one with its microseconds on hover. */
export function Instant({ at }: { at: string | null }) {
  const zone = useZone();
  const text = formatInstant(at, zone);
  return at === null ? (
    <span>{text}</span>
  ) : (
    <time dateTime={at} title={`${at} (shown in ${zone})`}>
      {text}
    </time>
  );
}
