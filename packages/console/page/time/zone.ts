import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

/** In whose zone times are told. */
export const zoneChoices = ['viewer', 'rollup', 'utc'] as const;
export type ZoneChoice = (typeof zoneChoices)[number];

const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

export const zoneWords: Readonly<Record<ZoneChoice, string>> = {
  viewer: `my zone (${own})`,
  rollup: 'the rollup’s zone',
  utc: 'UTC',
};

export const ZoneContext = createContext<ZoneChoice>('viewer');
/** The zone of the rollup that is open; null where there is none. */
export const RollupZoneContext = createContext<string | null>(null);

/** The name of the zone times are told in here. */
export function useZone(): string {
  const choice = useContext(ZoneContext);
  const rollupZone = useContext(RollupZoneContext);
  if (choice === 'viewer') {
    return own;
  }
  return choice === 'rollup' ? (rollupZone ?? 'UTC') : 'UTC';
}
