import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useDatabase } from '../../support/use-database.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { createReadings, declareHourly, isSettled } from '../readings.ts';
import { endProcess, startSilver } from '../silver-under-test.ts';

interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number };
}
interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly Attribute[];
  readonly links?: readonly { readonly spanId: string; readonly traceId: string }[];
}
interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly histogram?: {
    readonly dataPoints: readonly { readonly explicitBounds: readonly number[] }[];
  };
}

describe('telemetry', () => {
  const database = useDatabase();
  const spans: Span[] = [];
  const metrics: Metric[] = [];
  const programs: ChildProcess[] = [];
  let collector: Server;

  beforeAll(async () => {
    collector = createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      collect(JSON.parse(body));
      response.setHeader('content-type', 'application/json').end('{}');
    }).listen(0, '127.0.0.1');
    await once(collector, 'listening');
    const variables = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    };
    await createReadings(database, 48);
    await declareHourly(database);
    programs.push(
      ...['scheduler', 'worker'].map((program) => startSilver(database.url, [program], variables)),
    );
    await waitUntil('everything is settled', () => isSettled(database));
    // What is still buffered is sent on the way out.
    expect(await Promise.all(programs.map((program) => endProcess(program)))).toEqual([0, 0]);
  });
  afterAll(async () => {
    await Promise.all(programs.map((program) => endProcess(program, 'SIGKILL')));
    collector.close();
  });

  const collect = (body: {
    resourceSpans?: { scopeSpans: { spans: Span[] }[] }[];
    resourceMetrics?: { scopeMetrics: { metrics: Metric[] }[] }[];
  }) => {
    spans.push(
      ...(body.resourceSpans ?? [])
        .flatMap((resource) => resource.scopeSpans)
        .flatMap((scope) => scope.spans),
    );
    metrics.push(
      ...(body.resourceMetrics ?? [])
        .flatMap((resource) => resource.scopeMetrics)
        .flatMap((scope) => scope.metrics),
    );
  };
  const named = (name: string) => spans.filter((span) => span.name === name);
  const attribute = (span: Span, key: string) => {
    const value = span.attributes.find((each) => each.key === key)?.value;
    return value?.stringValue ?? value?.intValue;
  };

  it('gives each chunk a trace of its own, from plan to run, with its attributes', () => {
    const chunks = named('silver.chunk');
    const runs = named('silver.chunk.run');
    expect(chunks.length).toBeGreaterThan(0);
    expect(runs).toHaveLength(chunks.length);
    expect(new Set(chunks.map(({ traceId }) => traceId)).size).toBe(chunks.length);
    for (const chunk of chunks) {
      const run = runs.find(({ traceId }) => traceId === chunk.traceId);
      if (run === undefined)
        throw new Error(`the chunk ${attribute(chunk, 'silver.chunk.id')} has no run`);
      expect(chunk.parentSpanId ?? '').toBe('');
      expect(run.parentSpanId).toBe(chunk.spanId);
      expect(attribute(run, 'silver.chunk.id')).toBe(attribute(chunk, 'silver.chunk.id'));
      expect(attribute(run, 'silver.target')).toBe('public.hourly');
      expect(attribute(run, 'silver.outcome')).toBe('completed');
    }
  });

  it('links a chunk to the tick that planned it, and its run to the job that delivered it', () => {
    const plans = new Set(named('silver.plan').map(({ spanId }) => spanId));
    const jobs = new Set(named('process silver-chunk').map(({ spanId }) => spanId));
    for (const chunk of named('silver.chunk')) {
      expect(chunk.links?.map(({ spanId }) => plans.has(spanId))).toEqual([true]);
    }
    for (const run of named('silver.chunk.run')) {
      expect(run.links?.map(({ spanId }) => jobs.has(spanId))).toEqual([true]);
    }
  });

  it('is found from the ledger: the refresh log keeps the trace of each chunk', async () => {
    const kept = await database.query<{ trace: string }>(
      'select trace from silver.timeseries_refresh_log',
    );
    const traces = named('silver.chunk').map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`);
    expect(kept.map(({ trace }) => trace).toSorted()).toEqual(traces.toSorted());
  });

  it('measures chunks, and jobs in buckets that resolve minutes', () => {
    const bounds = (name: string) =>
      metrics.find((metric) => metric.name === name)?.histogram?.dataPoints[0]?.explicitBounds ??
      [];
    expect(metrics.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'silver.chunk.duration_seconds',
        'silver.chunk.rows',
        'silver.plan.duration_seconds',
      ]),
    );
    expect(bounds('silver.chunk.duration_seconds')).toContain(600);
    expect(bounds('messaging.process.duration')).toContain(600);
  });
});
