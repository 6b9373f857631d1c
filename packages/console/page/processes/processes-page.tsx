import { Link } from 'wouter-preact';
import { Scroll } from '../frame/scroll.tsx';
import type { Live } from '../live/use-live.ts';
import { Instant } from '../time/instant.tsx';

/** The processes of Silver that are connected, and what each runs now. */
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
        <Scroll label="Processes">
          <table>
            <thead>
              <tr>
                <th scope="col">Process</th>
                <th scope="col">From</th>
                <th scope="col">Since</th>
                <th scope="col" class="number">
                  Connections
                </th>
                <th scope="col" class="number">
                  Busy
                </th>
                <th scope="col">Runs now</th>
              </tr>
            </thead>
            <tbody>
              {processes.map((process) => (
                <tr key={`${process.name} ${process.address}`}>
                  <th scope="row">{process.name.replace(/^silver /, '')}</th>
                  <td>{process.address ?? 'this machine'}</td>
                  <td>
                    <Instant at={process.since} />
                  </td>
                  <td class="number">{process.connections}</td>
                  <td class="number">{process.busy ?? '–'}</td>
                  <td>
                    {process.chunks.length === 0 && '–'}
                    {process.chunks.map((chunk) => (
                      <div key={chunk.chunk_id}>
                        <Link href={`/rollups/${chunk.rollup_id}`}>{chunk.target_table}</Link>,
                        chunk {chunk.chunk_id} ({chunk.reason}, attempt {chunk.attempt}) since{' '}
                        <Instant at={chunk.started_at} />
                      </div>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
    </>
  );
}
