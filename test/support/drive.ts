import type { TestDatabase } from './use-database.ts';

/** Whatever runs statements in one connection. */
export type Queryable = Pick<TestDatabase, 'query'>;

/** One tick of a scheduler over every due source, by the same SQL functions, cutting `buckets` at a time. Returns the chunks made. */
export async function tick(database: Queryable, buckets = 1_000_000): Promise<number> {
  let chunks = 0;
  const due = await database.query<{ source_id: number }>(
    'select source_id from silver.due_sources()',
  );
  for (const { source_id: source } of due) {
    await database.query('select silver.advance_horizon($1)', [source]);
    await database.query('begin');
    await database.query('select silver.lock_source($1)', [source]);
    await database.query('select silver.note_writers($1)', [source]);
    await database.query('select silver.settle_drains($1)', [source]);
    await database.query('select silver.consume_log($1)', [source]);
    const made = await database.query(
      `select e.* from silver.pending_work($1, true) w
       cross join lateral (
         select jsonb_agg(jsonb_build_object('reason', reason, 'buckets', int8multirange(part)::text,
           'backfill', case reason when 'backfill' then w.backfill_id end)) as chunks
         from (
           select 'forward' as reason, int8range(g, least(g + $2, upper(run))) as part
           from unnest(w.forward::int8multirange) run, generate_series(lower(run), upper(run) - 1, $2) g
           union all
           select 'late', run from unnest(w.late::int8multirange) run
           union all
           (select 'backfill', int8range(g, least(g + $2, upper(run)))
            from unnest(w.backfill::int8multirange) run, generate_series(lower(run), upper(run) - 1, $2) g
            order by case w.backfill_direction when 'newest-first' then -g else g end limit w.backfill_room)
         ) as parts
       ) as cut
       cross join lateral silver.enqueue_chunks(w.rollup_id, 1, cut.chunks) e`,
      [source, buckets],
    );
    await database.query('commit');
    chunks += made.length;
  }
  return chunks;
}

/** Runs every chunk in flight, one transaction each. Returns their outcomes. */
export async function runChunks(database: Queryable): Promise<string[]> {
  const outcomes: string[] = [];
  for (const { chunk_id: chunk } of await chunkIds(database)) {
    await database.query('select silver.start_chunk($1, $2, 1, null)', [chunk, 'test']);
    const [run] = await database.query<{ outcome: string }>(
      'select outcome from silver.run_chunk($1, $2, 1)',
      [chunk, 'test'],
    );
    outcomes.push(run?.outcome ?? 'none');
  }
  return outcomes;
}

/** Ids of the chunks in flight, as text. */
export function chunkIds(database: Queryable): Promise<{ chunk_id: string }[]> {
  return database.query('select chunk_id::text from silver.timeseries_chunk order by chunk_id');
}

/** Ticks and runs until nothing is left to do that can be done now. */
export async function settle(database: Queryable): Promise<void> {
  for (let turn = 0; turn < 100; turn += 1) {
    const made = await tick(database);
    const ran = await runChunks(database);
    if (made === 0 && ran.length === 0) {
      return;
    }
  }
  throw new Error('there was always more to do');
}
