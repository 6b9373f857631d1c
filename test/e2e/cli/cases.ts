import { expect } from 'vitest';

/** A call of a command, and what must come of it. */
export interface CommandCase {
  /** The command, without its arguments: `backfill plan`. */
  readonly command: string;
  readonly args?: readonly string[];
  /** SQL run before each call, so that it finds the same as the one before. */
  readonly before?: string;
  /** Another database than the one prepared: one without Silver, or a port nobody listens on. */
  readonly on?: 'empty' | 'nowhere';
  readonly code: number;
  readonly says: RegExp;
  /** SQL run after each call. */
  readonly after?: string;
  /** In a terminal: the number of a colour, and what is painted in it. */
  readonly paints?: readonly [colour: string, text: string];
  /** What `--json` must give, beside a value that can be parsed. Only for commands that print one. */
  readonly json?: unknown;
}

const extra = `
  do $$ begin perform silver.drop_rollup('public.extra', true); exception when others then null; end $$;
  drop table if exists public.extra;`;
const makeExtra = `${extra} select silver.create_rollup_table('public.readings', 'public', 'extra', '1 day', start_from => '2026-03-01')`;
/** A chunk that is dead, of the hourly rollup, with an error of its own. */
const dead = `
  delete from silver.timeseries_chunk;
  delete from silver.timeseries_error_log;
  insert into silver.timeseries_chunk (chunk_id, rollup_id, ranges, buckets, reason, state, attempt, last_error)
    overriding system value
    select 77, rollup_id, '{[2026-03-01 00:00Z,2026-03-01 01:00Z)}', 1, 'late', 'dead', 11, 'it was made to fail'
    from silver.timeseries_rollup_config where target_table = 'public.hourly'::regclass;
  insert into silver.timeseries_error_log (rollup_id, chunk_id, attempt, error_message, sql_state, hint)
    select rollup_id, 77, 11, 'it was made to fail', 'P0001', 'Do not.'
    from silver.timeseries_rollup_config where target_table = 'public.hourly'::regclass;`;
const noDead = 'delete from silver.timeseries_chunk;';
/** An order that nothing carries out, number 900. */
const order = `
  select silver.cancel_backfill(backfill_id) from silver.timeseries_backfill where state = 'open';
  delete from silver.timeseries_backfill;
  alter table silver.timeseries_backfill alter column backfill_id restart with 900;
  select silver.start_backfill('public.hourly', '2026-02-01', '2026-02-02');`;
const noOrder = `
  select silver.cancel_backfill(backfill_id) from silver.timeseries_backfill where state = 'open';
  delete from silver.timeseries_backfill;`;
const wrong = `update public.hourly set row_count = 61 where "timestamp" = '2026-03-01 05:00Z' and device = 'd1'`;
const right = `call silver.run_rollups();`;
const tracked = `select silver.track_on('public.readings');`;

const unmigrated = { on: 'empty', code: 4, says: /no schema silver[\s\S]*silver migrate/ } as const;
const unreachable = {
  on: 'nowhere',
  code: 3,
  says: /cannot be reached[\s\S]*Check DATABASE_URL/,
} as const;
const noTable = /there is no table public\.nothing|no table/;

/** Every command that ends by itself: on success, and on each kind of error it can meet. */
export const cases: readonly CommandCase[] = [
  {
    command: 'migrate',
    code: 0,
    says: /already up to date/,
    json: { migrations: [], functions: [], dropped: [] },
  },
  { command: 'migrate', ...unreachable },
  {
    command: 'status',
    code: 0,
    before: `${noDead} call silver.run_rollups();`,
    says: /public\.hourly +fresh +until 2026/,
    json: [{ target_table: 'public.hourly' }, {}],
    paints: ['32', 'fresh'],
  },
  {
    command: 'status',
    before: `${right} insert into public.readings values ('2026-03-01 05:00:01Z', 'd1', 1);
      update silver.timeseries_invalidation_log set logged_at = clock_timestamp() - interval '95 seconds';`,
    code: 0,
    says: /public\.hourly +behind 1 min [34]\d s[^\n]*\s+changes wait for a scheduler[\s\S]*public\.daily +behind 1 min [34]\d s/,
    json: [{ lag_seconds: expect.closeTo(100, -1.5), reason: 'changes wait for a scheduler' }, {}],
    paints: ['33', 'behind 1 min '],
  },
  {
    command: 'status',
    before: `${right} ${dead} update silver.timeseries_chunk set state = 'queued', attempt = 0, last_error = null;`,
    code: 0,
    says: /public\.hourly +at work[^\n]*\s+chunks wait for a worker since 20/,
    paints: ['33', 'at work'],
  },
  {
    command: 'status',
    before: `${right} ${dead} update silver.timeseries_chunk set due_at = clock_timestamp() - interval '2 hours 1 second';`,
    code: 0,
    says: /public\.hourly +behind 2 h[^\n]*\s+chunk 77 is dead: it was made to fail\s+fresh when the cause is mended: silver dead list[^\n]*\s+failed in the last hour: 1 × P0001\s/,
    json: [
      {
        dead: '1',
        is_late: true,
        errors: [
          { sql_state: 'P0001', failures: 1, chunks: 1, last_message: 'it was made to fail' },
        ],
      },
      { errors: [] },
    ],
    paints: ['31', 'behind 2 h'],
  },
  {
    command: 'status',
    before: `${noDead} ${right} select silver.pause_rollup('public.hourly');`,
    after: `select silver.resume_rollup('public.hourly');`,
    code: 0,
    says: /public\.hourly +paused[^\n]*\s+paused\s+fresh when it is resumed: silver rollup resume/,
    paints: ['33', 'paused'],
  },
  { command: 'status', ...unmigrated },
  { command: 'status', ...unreachable },
  {
    command: 'rollup create',
    args: ['public.readings', 'public.extra', '--every', '1 day', '--start-from', '2026-03-01'],
    before: extra,
    code: 0,
    says: /created public\.extra; a scheduler and a worker fill it from 2026-03-01 00:00:00\+00 on\n$/,
    json: { target: 'public.extra', start_from: '2026-03-01 00:00:00+00' },
  },
  {
    command: 'rollup create',
    args: ['public.readings', 'public.extra', '--every', '1 day'],
    before: extra,
    code: 0,
    says: /from 20\d\d-\d\d-\d\d 00:00:00\+00 on\s+for what is older, order a backfill: silver backfill start public\.extra/,
  },
  {
    command: 'rollup create',
    args: ['public.nothing', 'public.extra', '--every', '1 day'],
    code: 1,
    says: noTable,
  },
  {
    command: 'rollup create',
    args: ['public.readings', 'extra', '--every', '1 day'],
    code: 2,
    says: /not a name like schema\.table/,
  },
  { command: 'rollup create', args: ['public.readings', 'public.extra'], code: 2, says: /--every/ },
  {
    command: 'rollup drop',
    args: ['public.extra'],
    before: makeExtra,
    code: 0,
    says: /its table stays/,
    json: { target: 'public.extra', table: 'kept' },
  },
  {
    command: 'rollup drop',
    args: ['public.hourly'],
    code: 1,
    says: /is the source of public\.daily[\s\S]*Drop those rollups first/,
  },
  {
    command: 'rollup list',
    before: extra,
    code: 0,
    says: /public\.readings.*public\.hourly/,
    json: [{ target_table: 'public.hourly' }, {}],
  },
  { command: 'rollup list', ...unmigrated },
  {
    command: 'rollup show',
    args: ['public.hourly'],
    code: 0,
    says: /last_processed_time[\s\S]*avg_value/,
    json: { settings: { target_table: 'public.hourly' } },
  },
  {
    command: 'rollup show',
    args: ['public.readings'],
    code: 1,
    says: /is not the target of a rollup/,
  },
  {
    command: 'rollup explain',
    args: ['public.daily'],
    code: 0,
    says: /public\.daily: public\.hourly by 1 day/,
    json: [],
  },
  { command: 'rollup explain', args: ['public.nothing'], code: 1, says: noTable },
  {
    command: 'rollup pause',
    args: ['public.hourly'],
    code: 0,
    says: /paused public\.hourly; silver rollup resume/,
    json: { target: 'public.hourly', until: null },
  },
  {
    command: 'rollup pause',
    args: ['public.hourly', '--until', '2001-01-01'],
    code: 1,
    says: /has passed/,
  },
  {
    command: 'rollup resume',
    args: ['public.hourly'],
    code: 0,
    says: /resumed public\.hourly/,
    json: { target: 'public.hourly' },
  },
  { command: 'rollup resume', args: ['public.readings'], code: 1, says: /is not the target/ },
  {
    command: 'rollup sync',
    args: ['public.hourly'],
    code: 0,
    says: /no column of the target changed/,
    json: [],
  },
  { command: 'rollup sync', args: ['public.nothing'], code: 1, says: noTable },
  {
    command: 'backfill plan',
    args: ['public.hourly', '--from', '2026-02-01', '--to', '2026-02-02'],
    before: noOrder,
    code: 0,
    says: /public\.hourly computes \{\["2026-02-01/,
    json: [{ buckets: '24' }, { buckets: '1' }],
  },
  {
    command: 'backfill plan',
    args: ['public.hourly', '--from', '2026-02-02', '--to', '2026-02-01'],
    code: 1,
    says: /is empty[\s\S]*exclusive/,
  },
  {
    command: 'backfill start',
    args: [
      'public.hourly',
      '--from',
      '2026-02-01',
      '--to',
      '2026-02-02',
      '--chunks-per-minute',
      '30',
    ],
    before: noOrder,
    code: 0,
    says: /backfill \d+ is ordered/,
    json: { target: 'public.hourly' },
  },
  {
    command: 'backfill start',
    args: ['public.daily', '--from', '2026-01-01', '--to', '2026-01-02'],
    before: noOrder,
    code: 1,
    says: /is not to cover[\s\S]*Order it for public\.hourly/,
  },
  {
    command: 'backfill start',
    args: ['public.hourly', '--direction', 'sideways'],
    code: 2,
    says: /newest-first/,
  },
  {
    command: 'backfill start',
    args: ['public.hourly', '--chunks-per-minute', '-1'],
    code: 2,
    says: /not a number above 0/,
  },
  {
    command: 'backfill list',
    before: order,
    code: 0,
    says: /900.*public\.hourly[\s\S]*open/,
    json: [{ backfill_id: '900', state: 'open' }],
  },
  { command: 'backfill list', before: noOrder, code: 0, says: /no backfills yet/ },
  { command: 'backfill list', ...unmigrated },
  {
    command: 'backfill watch',
    before: `${order} call silver.run_rollups();`,
    args: ['900'],
    code: 0,
    says: /900 public\.hourly.*100 %.*25 of 25 buckets/,
  },
  {
    command: 'backfill watch',
    before: `${order} select silver.cancel_backfill(900);`,
    args: ['900'],
    code: 5,
    says: /cancelled by/,
  },
  { command: 'backfill watch', before: noOrder, code: 0, says: /no backfill is open/, json: null },
  {
    command: 'backfill watch',
    args: ['4711'],
    code: 2,
    says: /There is no backfill 4711[\s\S]*silver backfill list/,
  },
  { command: 'backfill watch', args: ['x'], code: 2, says: /not the number/ },
  {
    command: 'backfill cancel',
    before: order,
    args: ['900'],
    code: 0,
    says: /backfill 900 is cancelled/,
    json: { backfill_id: '900', cancelled: true },
  },
  {
    command: 'backfill cancel',
    before: noOrder,
    args: ['4711'],
    code: 1,
    says: /there is no backfill 4711/,
  },
  {
    command: 'chunks',
    before: dead,
    code: 0,
    says: /77.*public\.hourly.*late.*dead/,
    json: [{ chunk_id: '77' }],
  },
  { command: 'chunks', before: noDead, code: 0, says: /no chunks in flight/, json: [] },
  { command: 'chunks', ...unreachable },
  {
    command: 'dead list',
    before: dead,
    code: 0,
    says: /it was made to/,
    json: [{ chunk_id: '77', attempt: 11 }],
  },
  { command: 'dead list', ...unmigrated },
  {
    command: 'dead show',
    before: dead,
    args: ['77'],
    code: 0,
    says: /attempt 11[\s\S]*P0001[\s\S]*Do not\./,
    json: { chunk: { chunk_id: '77' }, errors: [{ sql_state: 'P0001' }] },
  },
  {
    command: 'dead show',
    before: noDead,
    args: ['77'],
    code: 2,
    says: /There is no chunk 77 in flight/,
  },
  {
    command: 'dead retry',
    before: dead,
    args: ['77'],
    code: 0,
    says: /1 chunk will be tried again/,
    json: { retried: ['77'] },
  },
  { command: 'dead retry', before: dead, args: ['--all'], code: 0, says: /1 chunk will be/ },
  { command: 'dead retry', code: 2, says: /Name a chunk, or pass --all/ },
  { command: 'dead retry', before: noDead, args: ['77'], code: 2, says: /neither dead nor/ },
  {
    command: 'dead discard',
    before: dead,
    args: ['77'],
    code: 0,
    says: /its buckets are pending again/,
    json: { chunk_id: '77' },
  },
  { command: 'dead discard', before: noDead, args: ['77'], code: 2, says: /Chunk 77 is not dead/ },
  {
    command: 'verify',
    before: right,
    args: ['public.hourly'],
    code: 0,
    says: /as its source says/,
    json: { differences: [] },
  },
  {
    command: 'verify',
    before: `${right} ${wrong}`,
    args: ['public.hourly'],
    code: 5,
    says: /1 group differs/,
  },
  {
    command: 'verify',
    before: `${right} ${wrong}`,
    args: ['public.hourly', '--repair'],
    code: 5,
    says: /to be computed again/,
  },
  { command: 'verify', args: ['public.nothing'], code: 1, says: noTable },
  { command: 'validate', before: `${noDead} ${right}`, code: 0, says: /./, json: [] },
  { command: 'validate', before: dead, code: 5, says: /chunk_dead|it was made to fail/ },
  { command: 'validate', ...unmigrated },
  { command: 'stats', args: ['public.%'], code: 0, says: /hourly.*target/, json: [{}, {}, {}] },
  {
    command: 'stats',
    args: ['public.readings', '--partitions'],
    code: 0,
    says: /no partitions|readings/,
    json: [],
  },
  { command: 'stats', args: ['--partitions'], code: 2, says: /--partitions needs a table/ },
  { command: 'stats', args: ['\\'], code: 1, says: /backslash|pattern/ },
  {
    command: 'track off',
    before: tracked,
    args: ['public.readings'],
    code: 0,
    says: /not tracked any more; silver track on/,
    json: { source: 'public.readings', switched: true },
  },
  { command: 'track off', args: ['public.hourly'], code: 1, says: /./ },
  {
    command: 'track on',
    before: `select silver.track_off('public.readings');`,
    args: ['public.readings'],
    code: 0,
    says: /is tracked again/,
    json: { switched: true },
  },
  { command: 'track on', args: ['public.nothing'], code: 1, says: noTable },
  {
    command: 'doctor',
    before: `${noDead} ${right}`,
    code: 0,
    says: /PostgreSQL \d+\.\d+( \([^)]*\))?, 2 rollups: /,
  },
  { command: 'doctor', before: dead, code: 5, says: /error chunk_dead[\s\S]*reset_rollup_retry/ },
  { command: 'doctor', on: 'empty', code: 5, says: /schema_missing[\s\S]*Run silver migrate/ },
  { command: 'doctor', ...unreachable },
  { command: 'completion', args: ['bash'], code: 0, says: /complete -F _silver silver/ },
  { command: 'completion', args: ['powershell'], code: 2, says: /one of bash, zsh, fish/ },
  { command: 'uninstall', code: 2, says: /Nothing was removed|yes\/no/ },
  { command: 'uninstall', args: ['--yes'], on: 'empty', code: 4, says: /no schema silver/ },
  { command: 'dance', code: 2, says: /unknown command/ },
];
