import { useEffect, useState } from 'preact/hooks';
import { toChosenInstant } from '../time/chosen-instant.ts';
import type { Ask } from './rollup-page.tsx';

export interface RangeActionsProps {
  readonly rollupId: number;
  /** The stretch chosen on the map. */
  readonly chosen: { readonly from: string; readonly to: string } | null;
  readonly ask: Ask;
}

/** What can be done to a range of a rollup: backfill it, verify it, or have it computed again. */
export function RangeActions({ ask, chosen, rollupId }: RangeActionsProps) {
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const [descendants, setDescendants] = useState(true);
  useEffect(() => {
    if (chosen !== null) {
      setFrom(chosen.from.slice(0, 19));
      setTo(chosen.to.slice(0, 19));
    }
  }, [chosen]);
  const fromTime = toChosenInstant(from);
  const toTime = toChosenInstant(to);
  const ready = fromTime !== null && toTime !== null && fromTime < toTime;
  const range = { rollup_id: rollupId, from_time: fromTime ?? '', to_time: toTime ?? '' };
  return (
    <fieldset class="toolbar">
      <legend>A range (UTC; click the map to take a stretch)</legend>
      <label>
        From{' '}
        <input
          type="datetime-local"
          step="1"
          value={from}
          onInput={(event) => setFrom(event.currentTarget.value)}
        />
      </label>
      <label>
        To{' '}
        <input
          type="datetime-local"
          step="1"
          value={to}
          onInput={(event) => setTo(event.currentTarget.value)}
        />
      </label>
      <label>
        <input
          type="checkbox"
          checked={descendants}
          onChange={(event) => setDescendants(event.currentTarget.checked)}
        />{' '}
        with the rollups below it
      </label>
      <button
        type="button"
        disabled={!ready}
        onClick={() =>
          ask('Backfill', {
            action: 'backfill',
            descendants,
            direction: 'newest-first',
            force: false,
            ...range,
          })
        }
      >
        Backfill…
      </button>
      <button
        type="button"
        disabled={!ready}
        onClick={() => ask('Verify', { action: 'verify', repair: false, ...range })}
      >
        Verify…
      </button>
      <button
        type="button"
        disabled={!ready}
        onClick={() => ask('Verify and repair', { action: 'verify', repair: true, ...range })}
      >
        Verify and repair…
      </button>
      <button
        type="button"
        disabled={!ready}
        onClick={() => ask('Compute again', { action: 'invalidate', ...range })}
      >
        Compute again…
      </button>
    </fieldset>
  );
}
