import type { Action, ConsoleInfo, FleetRow, RollupDetail } from '@silver/console/api';
import { useState } from 'preact/hooks';
import { Link } from 'wouter-preact';
import { ActionDialog } from '../action/action-dialog.tsx';
import { CoverageMap } from '../coverage/coverage-map.tsx';
import { HealthBadge } from '../fleet/health-badge.tsx';
import { Table } from '../frame/table.tsx';
import type { Live } from '../live/use-live.ts';
import { formatBytes, formatCount, formatInterval, formatSeconds } from '../time/duration.ts';
import { Instant } from '../time/instant.tsx';
import { RollupZoneContext } from '../time/zone.ts';
import { BackfillList } from './backfill-list.tsx';
import { ChunkTable } from './chunk-table.tsx';
import { DataChart } from './data-chart.tsx';
import { ErrorList } from './error-list.tsx';
import { HistoryChart } from './history-chart.tsx';
import { RangeActions } from './range-actions.tsx';
import { Statement } from './statement.tsx';
import { WhyLate } from './why-late.tsx';

/** Asks for an action, under the title its dialog and button bear. */
export type Ask = (title: string, action: Action) => void;

export interface RollupPageProps {
  readonly rollupId: number;
  readonly live: Live;
  readonly info: ConsoleInfo | null;
}

/** Everything about one rollup. */
export function RollupPage({ info, live, rollupId }: RollupPageProps) {
  const [asked, setAsked] = useState<{ title: string; action: Action } | null>(null);
  const row = live.state?.fleet.find((one) => one.rollup_id === rollupId);
  const { detail, detailError } = live;
  if (detail === null) {
    return (
      <p class="empty" aria-busy={detailError === null}>
        {detailError === null ? 'Loading…' : detailError.message}{' '}
        {detailError !== null && <Link href="/">All rollups</Link>}
      </p>
    );
  }
  const ask: Ask = (title, action) => setAsked({ title, action });
  const zone = String(detail.settings['bucket_time_zone'] ?? 'UTC');
  return (
    <RollupZoneContext.Provider value={zone}>
      <Heading detail={detail} row={row} mayAct={info?.may_act ?? false} ask={ask} />
      {row !== undefined && <WhyLate row={row} detail={detail} />}
      <Hierarchy detail={detail} rollupId={rollupId} />
      <CoverageSection detail={detail} mayAct={info?.may_act ?? false} ask={ask} />
      <BackfillList detail={detail} mayAct={info?.may_act ?? false} ask={ask} />
      <section aria-labelledby="chunks">
        <h2 id="chunks">Chunks</h2>
        <ChunkTable detail={detail} info={info} ask={ask} />
      </section>
      <ErrorList errors={detail.errors} />
      <section aria-labelledby="history">
        <h2 id="history">Window, duration, rows and load</h2>
        <HistoryChart refreshes={detail.refreshes} />
      </section>
      <section aria-labelledby="data">
        <h2 id="data">Data</h2>
        <DataChart detail={detail} />
      </section>
      <Settings detail={detail} />
      <Statement rollupId={rollupId} />
      {asked !== null && <ActionDialog {...asked} onClose={() => setAsked(null)} />}
    </RollupZoneContext.Provider>
  );
}

interface HeadingProps {
  readonly detail: RollupDetail;
  readonly row: FleetRow | undefined;
  readonly mayAct: boolean;
  readonly ask: Ask;
}

function Heading({ ask, detail, mayAct, row }: HeadingProps) {
  const { rollup_id } = detail;
  const paused = row?.status === 'paused';
  return (
    <div class="heading">
      <h1>
        {detail.target_table} {row !== undefined && <HealthBadge row={row} />}
      </h1>
      <p>
        every {formatInterval(String(detail.settings['rollup_table_interval']))} from{' '}
        {detail.source_table}, buckets in {String(detail.settings['bucket_time_zone'])}
      </p>
      {row !== undefined && (
        <dl class="facts">
          <Fact name="Lag" value={formatSeconds(row.lag_seconds)} />
          <div>
            <dt>Watermark</dt>
            <dd>
              <Instant at={row.last_processed_time} />
            </dd>
          </div>
          <Fact
            name="Backlog"
            value={`${formatCount(row.pending_buckets)} buckets${
              row.pending_buckets > 0 && row.pending_seconds_estimate !== null
                ? `, ≈ ${formatSeconds(row.pending_seconds_estimate)}`
                : ''
            }`}
          />
          <Fact
            name="Window"
            value={
              row.processing_window === null
                ? 'not sized yet'
                : formatInterval(row.processing_window)
            }
          />
          <Fact name="In flight" value={formatCount(row.in_flight)} />
        </dl>
      )}
      {mayAct && (
        <div class="buttons">
          {paused ? (
            <button type="button" onClick={() => ask('Resume', { action: 'resume', rollup_id })}>
              Resume…
            </button>
          ) : (
            <button type="button" onClick={() => ask('Pause', { action: 'pause', rollup_id })}>
              Pause…
            </button>
          )}
        </div>
      )}
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Hierarchy({ detail, rollupId }: { detail: RollupDetail; rollupId: number }) {
  return (
    <nav class="hierarchy" aria-label="Hierarchy">
      <span>{detail.hierarchy.some(({ depth }) => depth < 0) ? '' : detail.source_table}</span>
      {detail.hierarchy.map((level) => (
        <span key={level.rollup_id}>
          <span aria-hidden="true"> → </span>
          {level.rollup_id === rollupId ? (
            <b aria-current="page">{level.target_table}</b>
          ) : (
            <Link href={`/rollups/${level.rollup_id}`}>{level.target_table}</Link>
          )}{' '}
          <small>{formatInterval(level.interval)}</small>
        </span>
      ))}
    </nav>
  );
}

function CoverageSection({ ask, detail, mayAct }: Omit<HeadingProps, 'row'>) {
  const [range, setRange] = useState<{ from: string; to: string } | null>(null);
  return (
    <section aria-labelledby="coverage">
      <h2 id="coverage">Coverage</h2>
      <CoverageMap coverage={detail.coverage} onChoose={(from, to) => setRange({ from, to })} />
      {mayAct && <RangeActions rollupId={detail.rollup_id} chosen={range} ask={ask} />}
    </section>
  );
}

function Settings({ detail }: { detail: RollupDetail }) {
  const bytes = detail.partitions.reduce((sum, { bytes_estimate }) => sum + bytes_estimate, 0);
  return (
    <section aria-labelledby="settings">
      <h2 id="settings">Target and settings</h2>
      <details>
        <summary>
          {detail.partitions.length === 1 ? '1 table' : `${detail.partitions.length} partitions`},
          about {formatBytes(bytes)}
        </summary>
        <Table label="Partitions" heads={['Partition', '#About', '#Rows, about']}>
          {detail.partitions.map(({ bytes_estimate, name, rows_estimate }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="number">{formatBytes(bytes_estimate)}</td>
              <td class="number">{formatCount(rows_estimate)}</td>
            </tr>
          ))}
        </Table>
      </details>
      <details>
        <summary>{detail.columns.length} columns</summary>
        <Table label="Columns" heads={['Column', 'Role', 'Of', 'Type', 'Composes']}>
          {detail.columns.map(({ composes, metric, name, role, type }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{role}</td>
              <td>{metric ?? '–'}</td>
              <td>{type}</td>
              <td>{composes ? 'yes' : 'no: a coarser rollup reads the root source'}</td>
            </tr>
          ))}
        </Table>
      </details>
      <details>
        <summary>Settings</summary>
        <dl class="facts">
          {Object.entries(detail.settings).map(([name, value]) => (
            <Fact key={name} name={name} value={value === null ? '–' : String(value)} />
          ))}
        </dl>
      </details>
    </section>
  );
}
