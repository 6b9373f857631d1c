import { beforeAll, describe, expect, it } from 'vitest';
import type { ReceivedSpan } from '../../support/otlp-collector.ts';
import { useDatabase } from '../../support/use-database.ts';
import { type MeasuredFleet, runMeasuredFleet } from './measured-fleet.ts';

const [internal, client, producer, consumer] = [1, 3, 4, 5];

describe('the traces of a fleet, as a collector receives them', () => {
  const database = useDatabase();
  let fleet: MeasuredFleet;
  beforeAll(async () => {
    fleet = await runMeasuredFleet(database);
  }, 400_000);

  const named = (name: string) => fleet.collector.spans.filter((span) => span.name === name);
  const bySpanId = () => new Map(fleet.collector.spans.map((span) => [span.spanId, span]));
  const childrenOf = ({ spanId }: ReceivedSpan) =>
    fleet.collector.spans.filter((span) => span.parentSpanId === spanId);

  it('arrive whole: every span has its parent, and none ends before it began', () => {
    const spans = bySpanId();
    expect(spans.size).toBe(fleet.collector.spans.length);
    const orphans = fleet.collector.spans.filter(
      ({ parentSpanId, traceId }) =>
        parentSpanId !== '' && spans.get(parentSpanId)?.traceId !== traceId,
    );
    expect(orphans).toEqual([]);
    expect(fleet.collector.spans.filter(({ endedAt, startedAt }) => endedAt < startedAt)).toEqual(
      [],
    );
  });

  it('one for each chunk: planned, sent, processed, run, and each statement', () => {
    const chunks = named('silver.chunk');
    expect(chunks.length).toBeGreaterThanOrEqual(3);
    expect(new Set(chunks.map(({ traceId }) => traceId)).size).toBe(chunks.length);
    for (const chunk of chunks) {
      expect([chunk.parentSpanId, chunk.kind, chunk.service]).toEqual([
        '',
        internal,
        'silver-scheduler',
      ]);
      const [send, ...more] = childrenOf(chunk);
      if (send === undefined) throw new Error('it was not sent');
      expect(more).toEqual([]);
      expect([send.name, send.kind]).toEqual(['send silver-chunk', producer]);
      // A chunk that died was buried in its own trace, too.
      const processes = childrenOf(send).filter(({ name }) => name !== 'process silver-chunk-dead');
      expect(processes.length).toBeGreaterThan(0);
      for (const process of processes) checkProcess(process, chunk);
    }
  });

  const checkProcess = (process: ReceivedSpan, chunk: ReceivedSpan) => {
    expect([process.name, process.kind, process.service]).toEqual([
      'process silver-chunk',
      consumer,
      'silver-worker',
    ]);
    expect(process.attributes).toMatchObject({
      'messaging.system': 'pg-boss',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'silver-chunk',
    });
    const [run] = childrenOf(process).filter(({ name }) => name === 'silver.chunk.run');
    if (run === undefined) throw new Error('it was not run');
    for (const name of ['silver.chunk.id', 'silver.target', 'silver.chunk.reason']) {
      expect(run.attributes[name]).toBe(chunk.attributes[name]);
    }
    expect(run.attributes['silver.chunk.range']).toMatch(/^\["20.+\)$/);
    const statements = childrenOf(run).filter(({ kind }) => kind === client);
    const called = statements.map(({ name }) => name);
    expect(called).toEqual(
      expect.arrayContaining(['SELECT silver.start_chunk', 'SELECT silver.run_chunk']),
    );
    expect(called.includes('SELECT silver.fail_chunk')).toBe(run.failed);
    for (const { attributes } of statements) {
      expect(attributes).toMatchObject({
        'db.system.name': 'postgresql',
        'db.namespace': database.name,
        'db.operation.name': 'SELECT',
        'server.address': expect.any(String),
        'server.port': expect.any(Number),
      });
    }
  };

  it('linked to the tick that planned them', () => {
    const ticks = new Map(named('silver.plan').map((span) => [span.spanId, span]));
    for (const { links } of named('silver.chunk')) {
      expect(links.map(({ spanId, traceId }) => ticks.get(spanId)?.traceId === traceId)).toEqual([
        true,
      ]);
    }
    const planning = [...ticks.values()].find(
      ({ attributes }) => attributes['silver.plan.chunks'] !== 0,
    );
    if (planning === undefined) throw new Error('no tick planned anything');
    expect(childrenOf(planning).map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'SELECT silver.advance_horizon',
        'SELECT silver.pending_work',
        'SELECT silver.enqueue_chunks',
      ]),
    );
  });

  it('a retry is linked to the attempt before it, in the same trace', () => {
    const runs = named('silver.chunk.run');
    const failed = runs.find(
      ({ attributes, failed }) => failed && attributes['silver.target'] === 'public.hourly',
    );
    if (failed === undefined) throw new Error('no attempt failed');
    expect(failed.attributes).toMatchObject({
      'db.response.status_code': '22003',
      'silver.chunk.attempt': 1,
    });
    const retry = runs.find(
      ({ attributes, traceId }) =>
        traceId === failed.traceId && attributes['silver.chunk.attempt'] === 2,
    );
    expect(retry?.failed).toBe(false);
    expect(retry?.links).toEqual([{ traceId: failed.traceId, spanId: failed.spanId }]);
    expect(retry?.attributes['silver.outcome']).toBe('completed');
  });

  it('are found from the ledger: the refresh log and the error log name them', async () => {
    const refreshed = await database.query<{ trace: string }>(
      'select trace from silver.timeseries_refresh_log',
    );
    const sent = named('send silver-chunk').map(asTraceparent);
    expect(refreshed.length).toBeGreaterThanOrEqual(3);
    expect(refreshed.map(({ trace }) => trace).filter((trace) => !sent.includes(trace))).toEqual(
      [],
    );
    const errors = await database.query<{ trace: string }>(
      'select trace from silver.timeseries_error_log',
    );
    const attempts = named('silver.chunk.run').filter(({ failed }) => failed);
    expect(errors.map(({ trace }) => trace).toSorted()).toEqual(
      attempts.map(asTraceparent).toSorted(),
    );
  });

  it('are found from the log, which names things as they do', () => {
    const line = fleet.log.find(({ msg }) => msg === 'chunk failed');
    const run = bySpanId().get(String(line?.['span_id']));
    expect(run?.traceId).toBe(line?.['trace_id']);
    for (const name of [
      'silver.chunk.id',
      'silver.chunk.attempt',
      'silver.target',
      'silver.chunk.reason',
    ]) {
      expect(line?.[name]).toBe(run?.attributes[name]);
    }
  });
});

function asTraceparent({ spanId, traceId }: ReceivedSpan): string {
  return `00-${traceId}-${spanId}-01`;
}
