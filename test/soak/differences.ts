import type { ClientBase } from 'pg';

/**
 * Groups in which a relation differs from the source aggregated from scratch, in one snapshot: none, or a sentence. A live view is
 * compared whole; a target after ingest has ended, in the buckets of before `until`.
 */
export async function differences(
  client: ClientBase,
  { every, source }: { readonly source: string; readonly every: string },
  relation: string,
  until = 'infinity',
): Promise<string[]> {
  const { rows } = await client.query(
    `with expected as (
       select date_bin($1::interval, at, '2000-01-01Z') as at, device, count(*) as rows, sum(value) as total
       from public.${source} group by 1, 2
     )
     select count(*)::integer as wrong, min(coalesce(e.at, t.timestamp))::text as first
     from expected e full join public.${relation} t on t.timestamp = e.at and t.device = e.device
     where coalesce(e.at, t.timestamp) < $2::timestamptz
       and (e.rows, e.total) is distinct from (t.row_count, t.sum_value::numeric)`,
    [every, until],
  );
  return rows[0].wrong === 0
    ? []
    : [`${relation}: ${rows[0].wrong} groups are wrong, the first at ${rows[0].first}`];
}
