import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import otlp from 'otlp-protobuf/build/src/generated/root.js';

type Value = string | number | boolean | undefined;

/** A span as it arrived. */
export interface ReceivedSpan {
  readonly scope: string;
  readonly service: string;
  readonly name: string;
  /** As OpenTelemetry numbers them: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the root of a trace. */
  readonly parentSpanId: string;
  readonly startedAt: bigint;
  readonly endedAt: bigint;
  readonly attributes: Readonly<Record<string, Value>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly failed: boolean;
}

/** A measure as it arrived, with the attributes of each of its values. */
export interface ReceivedMetric {
  readonly scope: string;
  readonly service: string;
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly kind: 'counter' | 'gauge' | 'histogram' | 'other';
  readonly values: readonly {
    readonly attributes: Readonly<Record<string, Value>>;
    readonly value: number;
    readonly bounds: readonly number[];
  }[];
}

export interface OtlpCollector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly endpoint: string;
  readonly spans: readonly ReceivedSpan[];
  readonly metrics: readonly ReceivedMetric[];
  close(): Promise<void>;
}

/** A receiver of OTLP over http: parses real protobuf, by the protocol's own definitions, and keeps all it gets. */
export async function startOtlpCollector(): Promise<OtlpCollector> {
  const spans: ReceivedSpan[] = [];
  const metrics: ReceivedMetric[] = [];
  const server = createServer(async (request, response) => {
    const body = await readBody(request);
    if (request.headers['content-type'] !== 'application/x-protobuf') {
      response.writeHead(415).end();
    } else if (request.url === '/v1/traces') {
      spans.push(...decodeSpans(body));
      response.setHeader('content-type', 'application/x-protobuf').end();
    } else if (request.url === '/v1/metrics') {
      metrics.push(...decodeMetrics(body));
      response.setHeader('content-type', 'application/x-protobuf').end();
    } else {
      response.writeHead(404).end();
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    metrics,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const body = Buffer.concat(parts);
  return request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

/** What of the protocol is read here. Times are nanoseconds as text. */
interface Attribute {
  readonly key: string;
  readonly value: {
    readonly stringValue?: string;
    readonly intValue?: string;
    readonly doubleValue?: number;
    readonly boolValue?: boolean;
  };
}
interface Resource {
  readonly attributes: readonly Attribute[];
}
interface TracesMessage {
  readonly resourceSpans: readonly {
    readonly resource: Resource;
    readonly scopeSpans: readonly {
      readonly scope: { readonly name: string };
      readonly spans: readonly {
        readonly name: string;
        readonly kind: number;
        readonly traceId: Uint8Array;
        readonly spanId: Uint8Array;
        readonly parentSpanId: Uint8Array;
        readonly startTimeUnixNano: string;
        readonly endTimeUnixNano: string;
        readonly attributes: readonly Attribute[];
        readonly links: readonly { readonly traceId: Uint8Array; readonly spanId: Uint8Array }[];
        readonly status?: { readonly code: number };
      }[];
    }[];
  }[];
}
interface DataPoint {
  readonly attributes: readonly Attribute[];
  readonly asDouble?: number;
  readonly asInt?: string;
  readonly count?: string;
  readonly explicitBounds?: readonly number[];
}
interface Data {
  readonly dataPoints: readonly DataPoint[];
  readonly isMonotonic?: boolean;
}
interface Metric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly gauge?: Data;
  readonly sum?: Data;
  readonly histogram?: Data;
}
interface MetricsMessage {
  readonly resourceMetrics: readonly {
    readonly resource: Resource;
    readonly scopeMetrics: readonly {
      readonly scope: { readonly name: string };
      readonly metrics: readonly Metric[];
    }[];
  }[];
}
/** A type of messages, as protobufjs compiles it. */
interface MessageType {
  decode(body: Buffer): unknown;
  toObject(message: unknown, options: object): unknown;
}

const { trace, metrics: measured } = otlp.opentelemetry.proto.collector;

function read<Message>(type: MessageType, body: Buffer): Message {
  const options = { bytes: Buffer, longs: String, defaults: true, arrays: true };
  return type.toObject(type.decode(body), options) as Message;
}

function decodeSpans(body: Buffer): ReceivedSpan[] {
  const { resourceSpans } = read<TracesMessage>(trace.v1.ExportTraceServiceRequest, body);
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, spans }) =>
      spans.map((span) => ({
        scope: scope.name,
        service: serviceOf(resource),
        name: span.name,
        kind: span.kind,
        traceId: hex(span.traceId),
        spanId: hex(span.spanId),
        parentSpanId: hex(span.parentSpanId),
        startedAt: BigInt(span.startTimeUnixNano),
        endedAt: BigInt(span.endTimeUnixNano),
        attributes: attributesOf(span.attributes),
        links: span.links.map((link) => ({ traceId: hex(link.traceId), spanId: hex(link.spanId) })),
        failed: span.status?.code === 2,
      })),
    ),
  );
}

function decodeMetrics(body: Buffer): ReceivedMetric[] {
  const { resourceMetrics } = read<MetricsMessage>(measured.v1.ExportMetricsServiceRequest, body);
  return resourceMetrics.flatMap(({ resource, scopeMetrics }) =>
    scopeMetrics.flatMap(({ scope, metrics }) =>
      metrics.map((metric) => ({
        scope: scope.name,
        service: serviceOf(resource),
        name: metric.name,
        unit: metric.unit,
        description: metric.description,
        kind: kindOf(metric),
        values: valuesOf(metric.gauge ?? metric.histogram ?? metric.sum),
      })),
    ),
  );
}

function serviceOf({ attributes }: Resource): string {
  return String(attributesOf(attributes)['service.name']);
}

function kindOf({ gauge, histogram, sum }: Metric): ReceivedMetric['kind'] {
  if (histogram !== undefined) return 'histogram';
  if (sum?.isMonotonic === true) return 'counter';
  return gauge === undefined ? 'other' : 'gauge';
}

function valuesOf(data: Data | undefined): ReceivedMetric['values'] {
  return (data?.dataPoints ?? []).map((point) => ({
    attributes: attributesOf(point.attributes),
    value: Number(point.count ?? point.asInt ?? point.asDouble),
    bounds: point.explicitBounds ?? [],
  }));
}

function attributesOf(list: readonly Attribute[]): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    list.map(({ key, value }) => [
      key,
      value.stringValue ??
        value.boolValue ??
        (value.intValue === undefined ? value.doubleValue : Number(value.intValue)),
    ]),
  );
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
