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
    const statements = childrenOf(run).filter(
      ({ kind, scope }) => kind === client && scope === 'silver',
    );
    const called = statements.map(({ name }) => name);
    expect(called).toEqual(
      expect.arrayContaining(['SELECT silver.start_chunk', 'SELECT silver.run_chunk']),
    );
    expect(called.includes('SELECT silver.fail_chunk')).toBe(run.failed);
    for (const statement of statements) checkSteps(statement, run);
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

  /** Of a chunk that was computed, each step of its transaction; of other statements, and of one that failed, none. */
  const checkSteps = (statement: ReceivedSpan, run: ReceivedSpan) => {
    const steps = childrenOf(statement);
    const computed =
      statement.name === 'SELECT silver.run_chunk' &&
      run.attributes['silver.outcome'] === 'completed';
    if (!computed) {
      expect(steps).toEqual([]);
      return;
    }
    const names = steps.map(({ name }) => name);
    expect(names.join()).toMatch(
      /^step lock(,step refresh_groups)?(,step refresh_range)*,step record$/,
    );
    expect(names.length).toBeGreaterThan(2);
    // One after the other, without a gap, within the statement.
    expect(steps[0]?.startedAt).toBe(statement.startedAt);
    for (const [index, { endedAt, kind, startedAt }] of steps.entries()) {
      expect(kind).toBe(internal);
      expect(endedAt).toBeGreaterThanOrEqual(startedAt);
      expect(startedAt).toBe(steps[index - 1]?.endedAt ?? statement.startedAt);
      expect(endedAt).toBeLessThanOrEqual(statement.endedAt);
    }
    // Whatever the chunk read and wrote, one of its steps did.
    for (const rows of ['rows_read', 'rows_inserted', 'rows_updated', 'rows_deleted']) {
      const told = steps.map(({ attributes }) => Number(attributes[`silver.step.${rows}`] ?? 0));
      expect(told.reduce((sum, one) => sum + one)).toBe(run.attributes[`silver.chunk.${rows}`]);
    }
  };

  it('show where the time of a chunk goes: a step that waits is as long as it waited', () => {
    const waits = named('step refresh_range').filter(({ attributes }) =>
      String(attributes['silver.step.range']).startsWith('["2001-01-01 00:00:00+00"'),
    );
    const seconds = waits.map(({ endedAt, startedAt }) => Number(endedAt - startedAt) / 1e9);
    expect(Math.max(...seconds)).toBeGreaterThan(1);
  });

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
