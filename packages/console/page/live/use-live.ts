import type { LiveState, RollupDetail } from '@silver/console/api';
import { useEffect, useState } from 'preact/hooks';
import { getJson } from './api.ts';

export interface Live {
  readonly connection: 'connecting' | 'live' | 'trouble';
  /** Null until the first look. */
  readonly state: LiveState | null;
  /** Of the rollup that is open. */
  readonly detail: RollupDetail | null;
  /** Why the rollup that is open cannot be shown. */
  readonly detailError: Error | null;
}

/** Listens to the console's events for as long as the page is open: one connection, whatever is shown. */
export function useLive(rollupId: number | null): Live {
  const [live, setLive] = useState<Live>({
    connection: 'connecting',
    state: null,
    detail: null,
    detailError: null,
  });
  useEffect(() => {
    const merge = (part: Partial<Live>) => setLive((before) => ({ ...before, ...part }));
    merge({ detail: null, detailError: null });
    const events = new EventSource(`/api/events${rollupId === null ? '' : `?rollup=${rollupId}`}`);
    events.addEventListener('state', (event: MessageEvent<string>) =>
      merge({ connection: 'live', state: JSON.parse(event.data) }),
    );
    events.addEventListener('detail', (event: MessageEvent<string>) =>
      merge({ detail: JSON.parse(event.data), detailError: null }),
    );
    events.addEventListener('trouble', () => merge({ connection: 'trouble' }));
    events.addEventListener('error', () => merge({ connection: 'trouble' }));
    // Asked for once as well: an event never says that there is no such rollup.
    if (rollupId !== null) {
      getJson<RollupDetail>(`/api/rollups/${rollupId}`).then(
        (detail) => setLive((before) => ({ ...before, detail: before.detail ?? detail })),
        (error: Error) => merge({ detailError: error }),
      );
    }
    return () => events.close();
  }, [rollupId]);
  return live;
}
