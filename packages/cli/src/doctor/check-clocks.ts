import type { Finding } from './finding.ts';

/** Further apart than this, logs of programs and database cannot be read side by side. */
const toleratedMs = 2_000;

/**
 * Compares this machine's clock with the server's, which was asked between the two instants: nothing is computed by ours, but
 * log lines and traces carry it.
 */
export function checkClocks(
  askedMs: number,
  serverMs: number,
  answeredMs: number,
): readonly Finding[] {
  const apartMs =
    serverMs < askedMs ? askedMs - serverMs : serverMs > answeredMs ? serverMs - answeredMs : 0;
  if (apartMs <= toleratedMs) {
    return [];
  }
  return [
    {
      severity: 'warning',
      code: 'clocks',
      message: `the clocks of this machine and of the database are ${(apartMs / 1000).toFixed(1)} s apart; Silver goes by the database's`,
      remedy: 'Have both kept by NTP (timedatectl set-ntp true).',
    },
  ];
}
