import type { Backfill, RollupDetail } from '@silver/console/api';
import { formatCount, formatSeconds } from '../time/duration.ts';
import { Instant } from '../time/instant.tsx';
import type { Ask } from './rollup-page.tsx';

export interface BackfillListProps {
  readonly detail: RollupDetail;
  readonly mayAct: boolean;
  readonly ask: Ask;
}

/** The backfills that concern a rollup, the newest first, with how far each is. */
export function BackfillList({ ask, detail, mayAct }: BackfillListProps) {
  if (detail.backfills.length === 0) {
    return null;
  }
  return (
    <section aria-labelledby="backfills">
      <h2 id="backfills">Backfills</h2>
      {detail.backfills.map((backfill) => (
        <div key={backfill.backfill_id} class="backfill" data-backfill={backfill.state}>
          <p>
            <b>{backfill.backfill_id}</b>: <Instant at={backfill.from_time} /> to{' '}
            <Instant at={backfill.to_time} />, {backfill.direction}, by {backfill.requested_by}
          </p>
          <Progress backfill={backfill} />
          {mayAct && backfill.state === 'open' && (
            <button
              type="button"
              onClick={() =>
                ask('Cancel backfill', {
                  action: 'cancel-backfill',
                  rollup_id: detail.rollup_id,
                  backfill_id: backfill.backfill_id,
                })
              }
            >
              Cancel backfill…
            </button>
          )}
        </div>
      ))}
    </section>
  );
}

function Progress({ backfill }: { backfill: Backfill }) {
  const { done_buckets, reason, seconds_left, state, total_buckets } = backfill;
  const left =
    state === 'open' && seconds_left !== null ? `, about ${formatSeconds(seconds_left)} left` : '';
  return (
    <label>
      <progress max={Math.max(1, total_buckets)} value={done_buckets} /> {formatCount(done_buckets)}{' '}
      of {formatCount(total_buckets)} buckets{left}: {reason}
    </label>
  );
}
