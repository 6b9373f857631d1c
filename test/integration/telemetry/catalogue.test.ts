import {
  attributeNames,
  type Measure,
  measureCatalogue,
  type SpanKindEntry,
  spanCatalogue,
} from '@silver/shared';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ReceivedSpan } from '../../support/otlp-collector.ts';
import { useDatabase } from '../../support/use-database.ts';
import { type MeasuredFleet, runMeasuredFleet } from './measured-fleet.ts';

const measures = Object.values<Measure>(measureCatalogue);
const spanKinds = Object.values<SpanKindEntry>(spanCatalogue);
/** Said only where there is a replica, and only under load: neither is a matter of course here. */
const seldomSaid = ['silver.database.replay_lag_seconds', 'silver.backpressure.causes'];

describe('the catalogue of telemetry, compared with what a fleet emits', () => {
  const database = useDatabase();
  let fleet: MeasuredFleet;
  beforeAll(async () => {
    fleet = await runMeasuredFleet(database);
  }, 400_000);
  const own = <Item extends { readonly scope: string }>(items: readonly Item[]) =>
    items.filter(({ scope }) => scope === 'silver');

  it('lists every measure, and none that is not there', () => {
    const emitted = new Set(own(fleet.collector.metrics).map(({ name }) => name));
    const listed = measures.map(({ name }) => name).filter((name) => !seldomSaid.includes(name));
    const said = [...emitted].filter((name) => !seldomSaid.includes(name));
    expect(said.toSorted()).toEqual(listed.toSorted());
  });

  it.for(measures.filter(({ name }) => !seldomSaid.includes(name)))(
    '$name is told by whom the list says',
    ({ from, name }) => {
      const tellers = own(fleet.collector.metrics)
        .filter((metric) => metric.name === name)
        .filter(({ values }) => values.length > 0)
        .map(({ service }) => service);
      // A scheduler reads the database's.
      const listed = from.map((part) => `silver-${part === 'database' ? 'scheduler' : part}`);
      expect([...new Set(tellers)].toSorted()).toEqual(listed.toSorted());
    },
  );

  it.for(measures.filter(({ name }) => !seldomSaid.includes(name)))(
    '$name has the kind, unit, text and attributes listed',
    ({ attributes, description, kind, name, unit }) => {
      const received = own(fleet.collector.metrics).filter((metric) => metric.name === name);
      for (const metric of received) {
        expect(metric).toMatchObject({ kind, unit, description });
      }
      const keys = received.flatMap(({ values }) =>
        values.flatMap((value) => Object.keys(value.attributes)),
      );
      expect([...new Set(keys)].toSorted()).toEqual(attributes.toSorted());
    },
  );

  it('lets durations be told apart up to an hour, in pg-boss as well', () => {
    const histograms = fleet.collector.metrics.filter(({ kind }) => kind === 'histogram');
    expect(histograms.map(({ name }) => name)).toContain('messaging.process.duration');
    for (const { values } of histograms) {
      expect(values.every(({ bounds }) => bounds.includes(600))).toBe(true);
    }
  });

  it('lists every span with its attributes, and none that is not there', () => {
    const kindOf = ({ name }: ReceivedSpan) =>
      spanKinds.find((kind) =>
        kind.name.endsWith(' ') ? name.startsWith(kind.name) : name === kind.name,
      );
    const spans = own(fleet.collector.spans);
    expect(spans.filter((span) => kindOf(span) === undefined).map(({ name }) => name)).toEqual([]);
    for (const kind of spanKinds) {
      const received = spans.filter((span) => kindOf(span) === kind);
      const keys = new Set(received.flatMap(({ attributes }) => Object.keys(attributes)));
      const failing = [attributeNames.sqlState, 'error.type'];
      const told = [...keys].filter((key) => !failing.includes(key)).toSorted();
      expect(told, kind.name).toEqual(
        kind.attributes.filter((key) => !failing.includes(key)).toSorted(),
      );
    }
  });

  it('gives logs the same names: every field of a chunk or a source is one of them', () => {
    const plain = ['level', 'time', 'pid', 'msg', 'err', 'trace_id', 'span_id', 'trace_flags'];
    const known = new Set<string>([...Object.values(attributeNames), ...plain]);
    const lines = fleet.log.filter(
      (line) => attributeNames.chunkId in line || attributeNames.source in line,
    );
    expect(lines.length).toBeGreaterThan(5);
    expect([...new Set(lines.flatMap(Object.keys))].filter((key) => !known.has(key))).toEqual([]);
  });
});
