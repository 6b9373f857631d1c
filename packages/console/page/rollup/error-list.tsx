import type { RollupDetail } from '@silver/console/api';
import { Instant } from '../time/instant.tsx';

/** The last failed attempts. */
export function ErrorList({ errors }: { errors: RollupDetail['errors'] }) {
  if (errors.length === 0) {
    return null;
  }
  return (
    <section aria-labelledby="errors">
      <h2 id="errors">Errors</h2>
      {errors.map((failure) => (
        <details key={failure.error_id}>
          <summary>
            <Instant at={failure.occurred_at} /> · {failure.sql_state ?? 'no SQLSTATE'} ·{' '}
            {failure.error_message}
          </summary>
          <dl class="facts">
            {Object.entries({
              Chunk: failure.chunk_id,
              Attempt: failure.attempt,
              Worker: failure.worker_id,
              Detail: failure.detail,
              Hint: failure.hint,
              Statement: failure.attempted_query,
            }).map(([name, value]) =>
              value === null ? null : (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>
                    <code>{String(value)}</code>
                  </dd>
                </div>
              ),
            )}
          </dl>
        </details>
      ))}
    </section>
  );
}
