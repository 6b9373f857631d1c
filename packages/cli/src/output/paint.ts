import pc from 'picocolors';

const { NO_COLOR, TERM } = process.env;

/** Colours, on a terminal that shows them and nowhere else: picocolors by itself also paints pipes where CI is set. */
export const paint = pc.createColors(
  process.stdout.isTTY === true && TERM !== 'dumb' && (NO_COLOR === undefined || NO_COLOR === ''),
);
