import type { Chunk, ConsoleInfo, Refresh, RollupDetail } from '@silver/console/api';
import { Table } from '../frame/table.tsx';
import { formatCount, formatSeconds } from '../time/duration.ts';
import { Instant } from '../time/instant.tsx';
import type { Ask } from './rollup-page.tsx';
import { TraceLink } from './trace-link.tsx';

const doneShown = 20;

export interface ChunkTableProps {
  readonly detail: RollupDetail;
  readonly info: ConsoleInfo | null;
  readonly ask: Ask;
}

/** The chunks in flight, dead ones first, and the last that were committed. */
export function ChunkTable({ ask, detail, info }: ChunkTableProps) {
  if (detail.chunks.length === 0 && detail.refreshes.length === 0) {
    return <p class="empty">No chunk yet.</p>;
  }
  return (
    <Table
      label="Chunks"
      heads={[
        'Chunk',
        'State',
        'Reason',
        'From',
        '#Buckets',
        '#Rows read',
        '#Took',
        '#Attempt',
        'Worker',
        'Trace',
      ]}
    >
      {detail.chunks.map((chunk) => (
        <InFlight
          key={chunk.chunk_id}
          chunk={chunk}
          rollupId={detail.rollup_id}
          info={info}
          ask={ask}
        />
      ))}
      {detail.refreshes.slice(0, doneShown).map((refresh) => (
        <Done key={`${refresh.chunk_id} ${refresh.finished_at}`} refresh={refresh} info={info} />
      ))}
    </Table>
  );
}

interface InFlightProps {
  readonly chunk: Chunk;
  readonly rollupId: number;
  readonly info: ConsoleInfo | null;
  readonly ask: Ask;
}

function InFlight({ ask, chunk, info, rollupId }: InFlightProps) {
  const target = { rollup_id: rollupId, chunk_id: chunk.chunk_id ?? 0 };
  const stuck = chunk.state === 'dead' || chunk.state === 'retrying';
  return (
    <tr data-chunk={chunk.state}>
      <th scope="row">{chunk.chunk_id}</th>
      <td>
        <span class={`swatch state-${chunk.state}`} aria-hidden="true" /> {chunk.state}
        {info?.may_act === true && stuck && (
          <span class="buttons">
            <button type="button" onClick={() => ask('Retry', { action: 'retry', ...target })}>
              Retry…
            </button>
            {chunk.state === 'dead' && (
              <button
                type="button"
                onClick={() => ask('Discard', { action: 'discard', ...target })}
              >
                Discard…
              </button>
            )}
          </span>
        )}
        {stuck && chunk.last_error !== null && <small>{chunk.last_error}</small>}
      </td>
      <td>{chunk.reason}</td>
      <td>
        <Instant at={chunk.from_time} />
      </td>
      <td class="number">{formatCount(chunk.buckets)}</td>
      <td class="number">–</td>
      <td class="number">–</td>
      <td class="number">{chunk.attempt}</td>
      <td>{chunk.worker_id ?? '–'}</td>
      <td>
        <TraceLink trace={chunk.trace} info={info} />
      </td>
    </tr>
  );
}

function Done({ info, refresh }: { refresh: Refresh; info: ConsoleInfo | null }) {
  return (
    <tr>
      <th scope="row">{refresh.chunk_id}</th>
      <td>
        done <Instant at={refresh.finished_at} />
      </td>
      <td>{refresh.reason}</td>
      <td>
        <Instant at={refresh.from_time} />
      </td>
      <td class="number">{formatCount(refresh.buckets)}</td>
      <td class="number">{formatCount(refresh.rows_read)}</td>
      <td class="number">{formatSeconds(refresh.duration_ms / 1000)}</td>
      <td class="number">{refresh.attempt}</td>
      <td>{refresh.worker_id ?? '–'}</td>
      <td>
        <TraceLink trace={refresh.trace} info={info} />
      </td>
    </tr>
  );
}
