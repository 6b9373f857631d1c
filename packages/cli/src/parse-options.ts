import { InvalidArgumentError } from 'commander';

/** A whole number. */
export function wholeNumber(text: string): number {
  if (!/^-?\d+$/.test(text)) {
    throw new InvalidArgumentError('It is not a whole number.');
  }
  return Number(text);
}

/** A number above zero. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('It is not a number above 0.');
  }
  return value;
}

/** The number of a chunk or of a backfill, as text: it may have more digits than a number keeps. */
export function identifier(text: string): string {
  if (!/^[1-9]\d{0,17}$/.test(text)) {
    throw new InvalidArgumentError('It is not the number of anything.');
  }
  return text;
}

/** Words separated by commas. */
export function commaList(text: string): readonly string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** A port to listen on. */
export function portNumber(text: string): number {
  const port = wholeNumber(text);
  if (port < 1 || port > 65_535) {
    throw new InvalidArgumentError('It is not between 1 and 65535.');
  }
  return port;
}
