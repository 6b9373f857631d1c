import type { DatabaseCopy } from '../server/database-copies.ts';

type Client = Pick<DatabaseCopy, 'client'>;

/** What was written to the log between two instants: bytes by part, full-page images apart. */
export type WalByPart = Readonly<Record<string, number>>;

/** Where the log ends now. A checkpoint before it keeps the full pages of what was done earlier out. */
export async function walEnd({ client }: Client): Promise<string> {
  const { rows } = await client.query<{ lsn: string }>(
    'select pg_current_wal_insert_lsn()::text as lsn',
  );
  return rows[0]?.lsn ?? '0/0';
}

/**
 * Reads the log between two of its ends with pg_walinspect: a part for each of Silver's tables and for pg-boss, their indexes included, one for
 * targets and one for the catalog; commits and the like are the rest. Bytes a chunk.
 */
export async function walByPart(
  { client }: Client,
  from: string,
  to: string,
  chunks: number,
): Promise<WalByPart> {
  await client.query('create extension if not exists pg_walinspect schema public');
  // Its commit waits for the disk, and only what is on the disk can be read.
  await client.query(`select pg_logical_emit_message(true, 'silver bench', '')`);
  const { rows } = await client.query<{ part: string; bytes: number; pages: number }>(
    `with record as (
       select record_length - fpi_length as bytes, fpi_length as pages,
         (regexp_match(block_ref, 'rel \\d+/(\\d+)/(\\d+)'))[1]::oid as database, (regexp_match(block_ref, 'rel \\d+/(\\d+)/(\\d+)'))[2]::oid as file
       from public.pg_get_wal_records_info($1::pg_lsn, $2::pg_lsn)
     ), named as (
       select coalesce(i.indrelid, t.oid, k.oid) as relation, k.relfilenode as file
       from pg_class k left join pg_index i on i.indexrelid = k.oid left join pg_class t on t.reltoastrelid = k.oid
     )
     select case
         when r.file is null then 'commits and the rest'
         when n.relation is null then case when r.database = d.oid then 'catalog' else 'other databases' end
         when s.nspname = 'silver_pgboss' then 'pg-boss'
         when s.nspname = 'silver' then k.relname::text
         when s.nspname = 'public' then 'target'
         else 'catalog' end as part,
       sum(r.bytes)::float8 as bytes, sum(r.pages)::float8 as pages
     from record r join pg_database d on d.datname = current_database()
     left join named n on n.file = r.file and r.database = d.oid
     left join pg_class k on k.oid = n.relation left join pg_namespace s on s.oid = k.relnamespace
     group by 1 order by 2 desc`,
    [from, to],
  );
  const parts = rows
    .filter(({ part }) => part !== 'other databases')
    .map(({ bytes, part }) => [`WAL of ${part}`, bytes / chunks] as const);
  const pages = rows.reduce((sum, row) => sum + row.pages, 0) / chunks;
  return { ...Object.fromEntries(parts), 'WAL full pages': pages };
}

/** What the bookkeeping of a chunk writes: all but its target's rows, the catalog's and full pages; and what is left of it without pg-boss. */
export function bookkeepingOf(wal: WalByPart): {
  readonly walBytesPerChunk: number;
  readonly walBytesWithoutBoss: number;
} {
  const own = Object.entries(wal).filter(
    ([part]) => !['WAL of target', 'WAL of catalog', 'WAL full pages'].includes(part),
  );
  const walBytesPerChunk = own.reduce((sum, [, bytes]) => sum + bytes, 0);
  return { walBytesPerChunk, walBytesWithoutBoss: walBytesPerChunk - (wal['WAL of pg-boss'] ?? 0) };
}
