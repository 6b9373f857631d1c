import { parser } from '@prometheus-io/lezer-promql';

/** What a query asks for: names of measures, with the labels it chooses by or groups by. */
export interface Asked {
  readonly measures: readonly string[];
  readonly labels: readonly string[];
}

/** What Grafana puts in before it asks. */
const variables: Readonly<Record<string, string>> = {
  $__rate_interval: '1m',
  $__range: '5m',
  $target: 'public.hourly',
};

/** A query of a dashboard as Grafana would send it. */
export function fillVariables(expression: string): string {
  return Object.entries(variables).reduce(
    (text, [name, value]) => text.replaceAll(name, value),
    expression,
  );
}

/** Reads a query by Prometheus's own grammar; throws where it does not parse. */
export function askedBy(expression: string): Asked {
  const measures = new Set<string>();
  const labels = new Set<string>();
  parser.parse(expression).iterate({
    enter: ({ from, name, to, type }) => {
      const text = expression.slice(from, to);
      if (type.isError) throw new Error(`does not parse at ${from}: ${expression}`);
      if (name === 'Identifier' && !expression.slice(to).startsWith('(')) measures.add(text);
      if (name === 'LabelName') labels.add(text);
    },
  });
  return { measures: [...measures], labels: [...labels] };
}
