import type { SilverProcess } from '@silver/console/api';
import { Link } from 'wouter-preact';
import { Table } from '../frame/table.tsx';
import type { Live } from '../live/use-live.ts';
import { formatBytes } from '../time/duration.ts';
import { Instant } from '../time/instant.tsx';

/** The processes of Silver that are connected, how busy each is, and what it runs now. */
export function ProcessesPage({ live }: { live: Live }) {
  const processes = live.state?.processes ?? [];
  const missing = ['scheduler', 'worker'].filter(
    (kind) => !processes.some((process) => process.kind === kind),
  );
  return (
    <>
      <h1>Processes</h1>
      {live.state !== null && missing.length > 0 && (
        <p class="notice bad" role="alert">
          No {missing.join(' and no ')} is connected. Start one:{' '}
          {missing.map((kind) => (
            <code key={kind}>silver {kind} </code>
          ))}
        </p>
      )}
      {live.state === null ? (
        <p class="empty" aria-busy="true">
          Loading…
        </p>
      ) : (
        <Table
          label="Processes"
          class="processes cards"
          heads={[
            'Process',
            'Version',
            'From',
            'Since',
            '#Load',
            '#Slots in use',
            '#Connections',
            'Runs now',
          ]}
        >
          {processes.map((process) => (
            <Row key={`${process.name} ${process.address}`} process={process} />
          ))}
        </Table>
      )}
    </>
  );
}

/** Schedulers and workers tell of themselves; of others only their connections are known. */
function Row({ process }: { process: SilverProcess }) {
  const { address, busy, chunks, connections, cpu_cores, host, memory_bytes, pid, seen_at } =
    process;
  return (
    <tr>
      <th scope="row">{process.name.replace(/^silver /, '')}</th>
      <td>{process.version ?? '–'}</td>
      <td>
        {host ?? address ?? 'this machine'}
        {pid !== null && <small>pid {pid}</small>}
      </td>
      <td>
        <Instant at={process.since} />
      </td>
      <td class="number">
        {seen_at === null ? (
          '–'
        ) : (
          <>
            {cpu_cores === null ? '–' : `${cores.format(cpu_cores)} cores`}
            <small>{formatBytes(memory_bytes ?? 0)}</small>
          </>
        )}
      </td>
      <td class="number">
        {process.slots === null ? '–' : `${process.running} of ${process.slots}`}
      </td>
      <td class="number">
        {connections}
        {busy !== null && <small>{busy} busy</small>}
      </td>
      <td>
        {chunks.length === 0 && '–'}
        {chunks.map((chunk) => (
          <div key={chunk.chunk_id}>
            <Link href={`/rollups/${chunk.rollup_id}`}>{chunk.target_table}</Link>, chunk{' '}
            {chunk.chunk_id} ({chunk.reason}, attempt {chunk.attempt}) since{' '}
            <Instant at={chunk.started_at} />
          </div>
        ))}
      </td>
    </tr>
  );
}

const cores = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });
