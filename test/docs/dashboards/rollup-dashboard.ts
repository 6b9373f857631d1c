import { dashboard, lines, number } from './panels.ts';

const one = 'silver_target="$target"';

/** One rollup: how fresh it is, and what its chunks do. */
export const rollupDashboard = dashboard({
  uid: 'silver-rollup',
  title: 'Silver: one rollup',
  description: 'How fresh one rollup is, and what its chunks do.',
  choose: { variable: 'target', measure: 'silver_rollup_lag_seconds', label: 'silver_target' },
  panels: [
    number({
      title: 'Lag',
      description: 'Since when its oldest work is due and not done. Zero is fresh.',
      unit: 's',
      width: 6,
      warn: 60,
      queries: [{ expression: `max(silver_rollup_lag_seconds{${one}})`, legend: '' }],
    }),
    number({
      title: 'Dead chunks',
      description: 'Out of attempts: mend the cause, then retry them.',
      unit: 'short',
      width: 6,
      bad: 1,
      queries: [
        { expression: `max(silver_rollup_chunks{${one}, silver_chunk_state="dead"})`, legend: '' },
      ],
    }),
    number({
      title: 'Attempts that succeed',
      description: 'Of the last hour, at most a hundred.',
      unit: 'percentunit',
      width: 6,
      queries: [{ expression: `max(silver_rollup_success_ratio{${one}})`, legend: '' }],
    }),
    number({
      title: 'Retries',
      description: 'Of the chunk in flight that failed most often.',
      unit: 'short',
      width: 6,
      warn: 1,
      bad: 3,
      queries: [{ expression: `max(silver_rollup_retries{${one}})`, legend: '' }],
    }),
    lines({
      title: 'Lag, and the lag that is an alert',
      description: 'The threshold is the column alert_threshold of its configuration.',
      unit: 's',
      queries: [
        { expression: `max(silver_rollup_lag_seconds{${one}})`, legend: 'lag' },
        { expression: `max(silver_rollup_alert_threshold_seconds{${one}})`, legend: 'threshold' },
      ],
    }),
    lines({
      title: 'Buckets to be computed',
      description: 'Due and in no chunk yet.',
      unit: 'short',
      queries: [{ expression: `max(silver_rollup_pending_buckets{${one}})`, legend: 'pending' }],
    }),
    lines({
      title: 'Chunks in flight',
      description: 'By state.',
      unit: 'short',
      queries: [
        {
          expression: `max by (silver_chunk_state) (silver_rollup_chunks{${one}})`,
          legend: '{{silver_chunk_state}}',
        },
      ],
    }),
    lines({
      title: 'Duration of a chunk',
      description: 'Moving average. The window of chunks is steered towards target_chunk_duration.',
      unit: 's',
      queries: [
        { expression: `max(silver_rollup_chunk_duration_seconds{${one}})`, legend: 'average' },
      ],
    }),
    lines({
      title: 'Rows',
      description: 'Read from the source and written to the target, a second.',
      unit: 'rowsps',
      queries: [
        {
          expression: `sum by (silver_row_operation) (rate(silver_chunk_rows_total{${one}}[$__rate_interval]))`,
          legend: '{{silver_row_operation}}',
        },
      ],
    }),
    lines({
      title: 'Buckets',
      description: 'Computed a second, by why: new ones, or late rows.',
      unit: 'ops',
      queries: [
        {
          expression: `sum by (silver_chunk_reason) (rate(silver_chunk_buckets_total{${one}}[$__rate_interval]))`,
          legend: '{{silver_chunk_reason}}',
        },
      ],
    }),
    lines({
      title: 'Largest partition',
      description: 'Of the target, by the last VACUUM or ANALYZE, beside the size aimed at.',
      unit: 'bytes',
      queries: [
        { expression: `max(silver_rollup_partition_bytes{${one}})`, legend: 'largest' },
        { expression: 'max(silver_partition_limit_bytes)', legend: 'aimed at' },
      ],
    }),
  ],
});
