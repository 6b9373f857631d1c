import type { AuditEntry } from '@silver/console/api';
import { Link } from 'wouter-preact';
import { Table } from '../frame/table.tsx';
import { useRead } from '../live/use-read.ts';
import { Instant } from '../time/instant.tsx';

/** What people did through the console. */
export function AuditPage() {
  const { again, answer, error, loading } = useRead<readonly AuditEntry[]>('/api/audit');
  return (
    <>
      <h1>Audit</h1>
      <p>
        What was done through the console, by whom, and what came of it.{' '}
        <button type="button" onClick={again} disabled={loading}>
          Read again
        </button>
      </p>
      {error !== null && (
        <p class="notice bad" role="alert">
          {error.message}
        </p>
      )}
      {answer?.length === 0 && <p class="empty">Nothing yet.</p>}
      {answer !== null && answer.length > 0 && (
        <Table
          label="Audit"
          class="audit cards"
          heads={['When', 'Who', 'What', 'Rollup', 'Said beforehand', 'Came of it']}
        >
          {answer.map((entry) => (
            <tr key={entry.audit_id}>
              <td>
                <Instant at={entry.occurred_at} />
              </td>
              <td>
                {entry.actor} <small>as {entry.database_role}</small>
              </td>
              <td>{entry.action}</td>
              <td>
                {entry.rollup_id === null ? (
                  entry.target_name
                ) : (
                  <Link href={`/rollups/${entry.rollup_id}`}>{entry.target_name}</Link>
                )}
              </td>
              <td class="reason">{entry.effect}</td>
              <td>{entry.outcome}</td>
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}
