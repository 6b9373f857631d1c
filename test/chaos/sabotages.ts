import type pg from 'pg';
import { release, restart } from './faults.ts';

/** One mechanism of the protocol taken out of a test database, to show that the comparison would notice. */
export interface Sabotage {
  readonly name: string;
  readonly takesOut: string;
  /** The kinds of writes and faults under which that does harm: others would only delay it. All writes when undefined. */
  readonly writes?: readonly string[];
  readonly faults: readonly string[];
  /** Shortest pause before each fault. */
  readonly faultPauseMs?: number;
  apply(client: pg.Client): Promise<void>;
}

const preparing = ['prepared transaction', 'prepared transactions finished'];

export const sabotages: readonly Sabotage[] = [
  {
    name: 'no-drain',
    takesOut: 'the horizon moves and nobody waits for those who were writing below it',
    writes: ['transaction held open', ...preparing],
    faults: [],
    apply: (client) =>
      replaceIn(client, 'silver', 'advance_horizon', [
        [
          `insert into silver.timeseries_drain (source_id, range)
  values (src.source_id, tstzrange(nullif(src.horizon, '-infinity'), until));`,
          '',
        ],
      ]),
  },
  {
    name: 'no-log',
    takesOut: 'the tracking triggers of the source write nothing down',
    faults: [],
    apply: async (client) => {
      const { statement, move } = await trackingFunctions(client);
      await replaceIn(client, 'silver', statement, [[`\nbegin\n`, `\nbegin\n  return null;\n`]]);
      await replaceIn(client, 'silver', move, [[`\nbegin\n`, `\nbegin\n  return new;\n`]]);
    },
  },
  {
    name: 'log-consumed-after-reading',
    takesOut: 'a chunk consumes what is logged of its buckets after it has read its source',
    writes: ['insert at the head', 'insert hours late', 'update', 'insert taken back'],
    faults: [],
    apply: (client) =>
      replaceIn(client, 'silver', 'record_chunk', [
        [
          'delete from silver.timeseries_chunk ch where ch.chunk_id = c.chunk_id;',
          `perform pg_sleep(0.3);
  delete from silver.timeseries_invalidation_log l
  where l.source_id = (select r.source_id from silver.timeseries_rollup_config r where r.rollup_id = c.rollup_id) and l.touched <@ c.ranges;
  delete from silver.timeseries_chunk ch where ch.chunk_id = c.chunk_id;`,
        ],
      ]),
  },
  {
    name: 'groups-forgotten',
    takesOut: 'a statement that touched several groups logs all of them but one',
    faults: [],
    apply: async (client) => {
      await replaceIn(client, 'silver', 'log_statement', [
        [
          'array_agg(g.silver_%s)',
          'trim_array(array_agg(g.silver_%s), case when count(*) > 1 then 1 else 0 end)',
        ],
      ]);
      await compileTracking(client);
    },
  },
  {
    name: 'whole-dirt-by-group',
    takesOut: 'a bucket of which some groups are dirty stays so when it becomes dirty as a whole',
    faults: [],
    apply: (client) =>
      replaceIn(client, 'silver', 'mark_rollup', [
        ['set dirty = p.dirty + share, precise = p.precise - share', 'set dirty = p.dirty + share'],
      ]),
  },
  {
    name: 'no-in-flight-exclusion',
    takesOut:
      'what is in flight is planned once more: neither subtracted from what is pending, nor kept apart by the constraint',
    writes: ['insert taken back'],
    faults: [],
    apply: async (client) => {
      await lingerLonger(client);
      await restLonger(client, '1 second');
      await client.query(
        'alter table silver.timeseries_chunk drop constraint timeseries_chunk_alone',
      );
      await replaceIn(client, 'silver', 'pending', [
        [':= silver.in_flight(rollup_id);', `:= '{}';`],
      ]);
    },
  },
  {
    name: 'view-without-dirt',
    takesOut: 'the live view takes dirty buckets for settled',
    faults: [],
    apply: async (client) => {
      await restLonger(client, '2 seconds');
      await replaceIn(client, 'silver', 'unsettled', [
        ['(p.wanted - p.covered) + p.dirty + silver', '(p.wanted - p.covered) + silver'],
      ]);
    },
  },
  {
    name: 'view-without-ancestors-dirt',
    takesOut: "a child's live view does not know what is unsettled above it",
    faults: [],
    apply: (client) =>
      replaceIn(client, 'silver', 'unsettled', [
        ['doubtful := doubtful + silver.unsettled(parent_id);', 'null;'],
      ]),
  },
  {
    name: 'no-isolation-check',
    takesOut: 'transactions at REPEATABLE READ and above trust the horizon of their snapshot',
    writes: ['write under an old snapshot'],
    faults: [],
    apply: async (client) => {
      await replaceIn(client, 'silver', 'compile_tracking', [
        [
          `'current_setting(''transaction_isolation'') in (''read committed'', ''read uncommitted'')'`,
          `'true'`,
        ],
      ]);
      await compileTracking(client);
    },
  },
  {
    name: 'coverage-before-rows',
    takesOut: 'a chunk counts as covered and done when it starts, before its rows are there',
    faults: [],
    apply: async (client) => {
      await replaceIn(client, 'silver', 'announce_chunk', [
        [
          `outcome := 'started';`,
          `update silver.timeseries_progress p set covered = p.covered + c.ranges * p.wanted where p.rollup_id = c.rollup_id;
  outcome := 'started';`,
        ],
      ]);
      await replaceIn(client, 'silver', 'in_flight', [
        [
          `where c.rollup_id = in_flight.rollup_id`,
          `where c.rollup_id = in_flight.rollup_id and c.state <> 'running'`,
        ],
      ]);
    },
  },
  {
    name: 'virtual-ids',
    takesOut:
      'writers are noted by virtual transaction ids, which a prepared transaction loses in a restart',
    writes: preparing,
    faults: [restart],
    faultPauseMs: 5_000,
    apply: async (client) => {
      await client.query(`
        create function chaos.virtual_id(virtual text) returns xid8 language sql immutable as $$
          select (((split_part(virtual, '/', 1)::bigint & 65535) << 32) | split_part(virtual, '/', 2)::bigint)::text::xid8
        $$`);
      await replaceIn(client, 'silver', 'writers_of', [
        [
          'silver.full_transaction_id(own.transactionid)',
          'chaos.virtual_id(own.virtualtransaction)',
        ],
      ]);
      await replaceIn(client, 'silver', 'settle_drains', [
        [
          'where not pg_visible_in_snapshot(w, pg_current_snapshot())',
          'where exists (select from pg_locks l where chaos.virtual_id(l.virtualtransaction) = w)',
        ],
      ]);
    },
  },
  {
    name: 'chunk-released-without-dirt',
    takesOut: 'a chunk that leaves without having run does not give its dirt back',
    writes: ['insert months late', 'transaction held open'],
    faults: [release],
    apply: (client) =>
      replaceIn(client, 'silver', 'release_chunk', [
        ['where p.rollup_id = c.rollup_id;', 'where false;'],
      ]),
  },
];

/** Late work rests for so long before it is planned again; as a rule a fifth of a second. */
async function restLonger(client: pg.Client, interval: string): Promise<void> {
  await client.query('update silver.timeseries_rollup_config set rerun_interval = $1', [interval]);
}

/** Half of the chunks of `hours`, and no others, sleep before they commit, so that another of the same buckets, if there were one, would come in between. */
async function lingerLonger(client: pg.Client): Promise<void> {
  await replaceIn(client, 'chaos', 'linger', [
    ['random() < 0.1', `tg_table_name = 'hours' and random() < 0.5`],
    ['pg_sleep(random())', 'pg_sleep(2.5)'],
  ]);
}

/** Makes the trigger functions anew, by what was changed in the functions that write them. */
async function compileTracking(client: pg.Client): Promise<void> {
  await client.query(
    'select silver.compile_tracking(source_id) from silver.timeseries_tracked_source',
  );
}

/** Names of the source's trigger functions. */
async function trackingFunctions(
  client: pg.Client,
): Promise<{ readonly statement: string; readonly move: string }> {
  const { rows } = await client.query<{ id: number }>(
    `select source_id as id from silver.timeseries_tracked_source where source_table = 'chaos.readings'::regclass`,
  );
  return { statement: `track_${rows[0]?.id}`, move: `track_move_${rows[0]?.id}` };
}

/** Replaces parts of a function in this database alone. Errors: when a part is not there, once, for then nothing would be taken out. */
async function replaceIn(
  client: pg.Client,
  schema: string,
  name: string,
  changes: readonly (readonly [part: string, by: string])[],
): Promise<void> {
  const { rows } = await client.query<{ text: string }>(
    `select pg_get_functiondef(p.oid) as text from pg_proc p
     where p.pronamespace = $1::regnamespace and p.proname = $2`,
    [schema, name],
  );
  let text = rows[0]?.text ?? '';
  for (const [part, by] of changes) {
    if (rows.length !== 1 || text.split(part).length !== 2) {
      throw new Error(
        `the function ${schema}.${name} no longer holds, once, what is to be taken out:\n${part}`,
      );
    }
    text = text.replace(part, () => by);
  }
  await client.query(text);
}
