import type { FleetRow, RollupDetail } from '@silver/console/api';
import { healthOf } from '../fleet/health.ts';
import { formatInterval, formatSeconds } from '../time/duration.ts';
import { Instant } from '../time/instant.tsx';

/** Why a rollup is behind, in one sentence, and the evidence for it. */
export function WhyLate({ detail, row }: { detail: RollupDetail; row: FleetRow }) {
  const health = healthOf(row);
  const bad = health === 'failed' || health === 'late' || health === 'retrying';
  return (
    <section class={`notice ${bad ? 'bad' : 'good'}`} aria-label="Why">
      <p>
        <b>{sentence(row)}</b> {row.reason}.
      </p>
      {detail.seal_holders.map((holder) => (
        <p key={`${holder.pid} ${holder.gid}`} class="evidence">
          {holder.gid === null ? `Session ${holder.pid}` : `Prepared transaction ${holder.gid}`} has
          held its transaction open since <Instant at={holder.since} /> ({holder.state ?? 'unknown'}
          ). What it wrote may still appear where this rollup has been computed.
          {holder.query !== null && <code>{holder.query}</code>}
        </p>
      ))}
      {row.dead > 0 && row.last_error !== null && (
        <p class="evidence">
          Last error, <Instant at={row.last_error_at} />: <code>{row.last_error}</code>
        </p>
      )}
    </section>
  );
}

function sentence(row: FleetRow): string {
  if (row.lag_seconds === 0) {
    return 'Nothing that is due is missing:';
  }
  const lag = formatSeconds(row.lag_seconds);
  return row.is_late
    ? `Late by ${lag}, above the threshold of ${formatInterval(row.alert_threshold)}:`
    : `Behind by ${lag}, within the threshold of ${formatInterval(row.alert_threshold)}:`;
}
