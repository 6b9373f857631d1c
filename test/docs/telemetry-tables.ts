import { type Measure, measureCatalogue, type SpanKindEntry, spanCatalogue } from '@silver/shared';
import { markdownTable } from './reference/render-routine.ts';

const measures = Object.values<Measure>(measureCatalogue);
const code = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');

/** Every measure of one part, from the catalogue in the code. */
export function measuresTable(part: Measure['from'][number]): string {
  const rows = measures
    .filter(({ from }) => from.includes(part))
    .map((measure) => [
      `\`${prometheusName(measure)}\``,
      `${measure.kind}, ${measure.unit.replace(/[{}]/g, '')}`,
      measure.description,
      code(measure.attributes.map((name) => name.replaceAll('.', '_'))),
    ]);
  return markdownTable([['in Prometheus', 'kind, unit', 'what it is', 'labels'], ...rows]);
}

/** Every kind of span, from the catalogue in the code. */
export function spansTable(): string {
  const rows = Object.values<SpanKindEntry>(spanCatalogue).map((span) => [
    `\`${span.name.trim()}\``,
    span.kind,
    span.description,
    span.parent,
    span.links,
    code(span.attributes),
  ]);
  return markdownTable([['span', 'kind', 'what it is', 'parent', 'links', 'attributes'], ...rows]);
}

/** As OpenTelemetry's exporter for Prometheus calls a measure. */
export function prometheusName({ kind, name }: Pick<Measure, 'kind' | 'name'>): string {
  return `${name.replaceAll('.', '_')}${kind === 'counter' ? '_total' : ''}`;
}
