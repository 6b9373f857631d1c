/** What a statement is about, to be shown beside it in pg_stat_activity and in the server's log. */
export type SqlLabels = Readonly<Record<string, string | null | undefined>>;

/**
 * A comment behind a statement, in the format of sqlcommenter, which tools that read pg_stat_activity or logs know:
 * `/*chunk='7',rollup='public.hourly',traceparent='00-…'*\/`. Empty when there is nothing to say. Values are encoded, so that no
 * name of a table can end the comment.
 */
export function sqlComment(labels: SqlLabels): string {
  const pairs = Object.entries(labels)
    .filter((pair): pair is [string, string] => (pair[1] ?? '') !== '')
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${encode(name)}='${encode(value)}'`);
  return pairs.length === 0 ? '' : ` /*${pairs.join(',')}*/`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
