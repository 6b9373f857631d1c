import { dashboard, lines, number, quantile, table } from './panels.ts';

/** All rollups and all programs: is everything fresh, and if not, where does it go wrong? */
export const fleetDashboard = dashboard({
  uid: 'silver-fleet',
  title: 'Silver: fleet',
  description:
    'All rollups and all programs: is everything fresh, and if not, where does it go wrong?',
  panels: [
    number({
      title: 'Rollups late',
      description: 'Rollups whose lag is above their alert_threshold.',
      unit: 'short',
      bad: 1,
      queries: [{ expression: 'max(silver_rollups_late)', legend: '' }],
    }),
    number({
      title: 'Dead chunks',
      description: 'Chunks out of attempts: mend the cause, then retry them.',
      unit: 'short',
      bad: 1,
      queries: [{ expression: 'max(silver_chunks{silver_chunk_state="dead"})', legend: '' }],
    }),
    number({
      title: 'Workers',
      description: 'Worker processes alive.',
      unit: 'short',
      queries: [{ expression: 'max(silver_programs{silver_program="worker"})', legend: '' }],
    }),
    number({
      title: 'Schedulers',
      description: 'Scheduler processes alive. One is enough; two survive the loss of one.',
      unit: 'short',
      queries: [{ expression: 'max(silver_programs{silver_program="scheduler"})', legend: '' }],
    }),
    number({
      title: 'Backlog',
      description: 'How long one slot of a worker would take to compute all that is due now.',
      unit: 's',
      warn: 60,
      bad: 600,
      queries: [{ expression: 'max(silver_backlog_seconds)', legend: '' }],
    }),
    number({
      title: 'Longest wait',
      description: 'How long the chunk that has waited longest for a worker has waited.',
      unit: 's',
      warn: 30,
      bad: 300,
      queries: [{ expression: 'max(silver_queue_oldest_wait_seconds)', legend: '' }],
    }),
    lines({
      title: 'Lag of the ten rollups furthest behind',
      description: 'Since when their oldest work is due and not done. Zero is fresh.',
      unit: 's',
      queries: [
        {
          expression: 'topk(10, max by (silver_target) (silver_rollup_lag_seconds))',
          legend: '{{silver_target}}',
        },
      ],
    }),
    lines({
      title: 'Chunks in flight',
      description:
        'By state. Many queued and few running: too few workers. Many retrying: see failures below.',
      unit: 'short',
      queries: [
        {
          expression: 'max by (silver_chunk_state) (silver_chunks)',
          legend: '{{silver_chunk_state}}',
        },
      ],
    }),
    lines({
      title: 'Duration of chunks',
      description:
        'Of attempts, by quantile. Rollups aim at their target_chunk_duration, a second by default.',
      unit: 's',
      queries: [0.5, 0.95, 0.99].map((share) => ({
        expression: quantile(share, 'silver_chunk_duration_seconds'),
        legend: `p${share * 100}`,
      })),
    }),
    lines({
      title: 'Wait for a worker',
      description: 'Of chunks that were fetched, by why they are computed.',
      unit: 's',
      queries: [
        {
          expression: quantile(0.95, 'silver_chunk_queue_wait_seconds', 'silver_chunk_reason'),
          legend: 'p95 {{silver_chunk_reason}}',
        },
      ],
    }),
    lines({
      title: 'Rows',
      description: 'Source rows read and target rows written, a second.',
      unit: 'rowsps',
      queries: [
        {
          expression:
            'sum by (silver_row_operation) (rate(silver_chunk_rows_total[$__rate_interval]))',
          legend: '{{silver_row_operation}}',
        },
      ],
    }),
    lines({
      title: 'Attempts',
      description: 'A second, by how they ended.',
      unit: 'ops',
      queries: [
        {
          expression:
            'sum by (silver_outcome) (rate(silver_chunk_duration_seconds_count[$__rate_interval]))',
          legend: '{{silver_outcome}}',
        },
      ],
    }),
    lines({
      title: 'Failures by SQLSTATE',
      description:
        'A minute. 57014 is a timeout, 40P01 a deadlock, 53100 a full disk, 53200 no memory, 55P03 a lock nobody gave.',
      unit: 'short',
      queries: [
        {
          expression:
            'sum by (db_response_status_code) (rate(silver_chunk_failures_total[$__rate_interval])) * 60',
          legend: '{{db_response_status_code}}',
        },
      ],
    }),
    table({
      title: 'Failures in this range',
      description: 'By SQLSTATE and what Silver makes of it; which chunks, the error log says.',
      unit: 'short',
      queries: [
        {
          expression:
            'sum by (db_response_status_code, silver_failure_class) (increase(silver_chunk_failures_total[$__range])) > 0',
          legend: '',
        },
      ],
    }),
    lines({
      title: 'Slots of workers',
      description: 'Taken of all there are. All taken for long: run more workers.',
      unit: 'short',
      queries: [
        { expression: 'sum(silver_worker_running)', legend: 'taken' },
        { expression: 'sum(silver_worker_slots)', legend: 'all' },
      ],
    }),
    lines({
      title: 'Planning',
      description: 'Looks for due work and turns of sources, 95 of 100 of which are faster.',
      unit: 's',
      queries: [
        { expression: quantile(0.95, 'silver_tick_duration_seconds'), legend: 'look' },
        {
          expression: quantile(0.95, 'silver_plan_duration_seconds', 'silver_outcome'),
          legend: 'turn: {{silver_outcome}}',
        },
      ],
    }),
    lines({
      title: 'Planned, sent again, buried',
      description: 'Chunks a second. Sent again: their job was gone. Buried: out of attempts.',
      unit: 'ops',
      queries: [
        {
          expression:
            'sum by (silver_chunk_reason) (rate(silver_plan_chunks_total[$__rate_interval]))',
          legend: '{{silver_chunk_reason}}',
        },
        {
          expression: 'sum(rate(silver_chunk_healed_total[$__rate_interval]))',
          legend: 'sent again',
        },
        { expression: 'sum(rate(silver_chunk_buried_total[$__rate_interval]))', legend: 'buried' },
      ],
    }),
    lines({
      title: 'Rollups by status',
      description: 'As silver status shows them.',
      unit: 'short',
      queries: [
        {
          expression: 'max by (silver_rollup_status) (silver_rollups)',
          legend: '{{silver_rollup_status}}',
        },
      ],
    }),
  ],
});
