/** A page of the reference: its functions, in the order a reader needs them. */
export interface ReferenceGroup {
  readonly page: string;
  readonly title: string;
  readonly about: string;
  readonly routines: readonly string[];
}

/** The functions meant for users and operators. Every other one is described on the page of internals, by its folder. */
export const referenceGroups: readonly ReferenceGroup[] = [
  {
    page: 'declare',
    title: 'Declare rollups',
    about: 'Create a rollup, look at it, follow its source, end it, pause it.',
    routines: [
      'create_rollup_table',
      'explain_rollup',
      'sync_rollup',
      'pause_rollup',
      'resume_rollup',
      'drop_rollup',
    ],
  },
  {
    page: 'run',
    title: 'Run and retry',
    about:
      'Compute what is due by SQL alone, and deal with chunks that failed. With a scheduler and workers only the retries are needed.',
    routines: [
      'run_rollups',
      'perform_rollup',
      'handle_rollup_retries',
      'reset_rollup_retry',
      'retry_chunk',
      'discard_chunk',
      'log_rollup_success',
    ],
  },
  {
    page: 'backfill',
    title: 'Backfill',
    about:
      'Order a range of the past, see what it would take, end it. How far each order is: [timeseries_backfill_progress](views.md#timeseries_backfill_progress). See [backfill](../backfill.md).',
    routines: ['plan_backfill', 'start_backfill', 'cancel_backfill'],
  },
  {
    page: 'exactness',
    title: 'Check and correct',
    about:
      'Compare a target with its source, have a range computed again, switch tracking off and on.',
    routines: ['verify_rollup', 'invalidate', 'track_off', 'track_on'],
  },
  {
    page: 'maintain',
    title: 'Look and maintain',
    about: 'Find what is wrong, see what is there, and keep partitions and logs in order.',
    routines: [
      'validate_rollup_config',
      'error_patterns',
      'check_server',
      'get_detailed_stats',
      'get_partition_stats',
      'gauges',
      'backlog_seconds',
      'optimize_chunk_interval',
      'maintain_timeseries_tables',
      'run_maintenance',
      'apply_retention',
      'uninstall',
    ],
  },
  {
    page: 'roles',
    title: 'Roles',
    about: 'Who may do what; see [operating](../operating.md#roles).',
    routines: ['install_roles', 'grant_roles'],
  },
  {
    page: 'buckets-and-values',
    title: 'Buckets and values',
    about: 'For queries of your own.',
    routines: ['time_bucket', 'first_value', 'last_value'],
  },
];

/** Tables that users and operators read, and two they write. The others are on the page of internals. */
export const referenceTables: readonly string[] = [
  'timeseries_rollup_config',
  'timeseries_dimension_config',
  'timeseries_rollup_column',
  'timeseries_progress',
  'timeseries_dirty_group',
  'timeseries_chunk',
  'timeseries_backfill',
  'timeseries_backfill_part',
  'timeseries_refresh_log',
  'timeseries_error_log',
  'timeseries_maintenance_log',
  'timeseries_audit',
];
