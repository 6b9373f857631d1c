import { dashboard, lines, number } from './panels.ts';

/** The database under Silver: is it under pressure, from whom, and does Silver hold back? */
export const databaseDashboard = dashboard({
  uid: 'silver-database',
  title: 'Silver: database pressure',
  description:
    'The database under Silver: is it under pressure, from whom, and does Silver hold back?',
  panels: [
    number({
      title: 'Connections used',
      description: 'Of those the server takes.',
      unit: 'percentunit',
      width: 6,
      warn: 0.7,
      bad: 0.9,
      queries: [
        {
          expression:
            'sum(max by (silver_connection_state) (silver_database_connections)) / max(silver_database_connections_limit)',
          legend: '',
        },
      ],
    }),
    number({
      title: 'Waiting for a lock',
      description: 'Clients of the database.',
      unit: 'short',
      width: 6,
      warn: 1,
      bad: 10,
      queries: [{ expression: 'max(silver_database_lock_waits)', legend: '' }],
    }),
    number({
      title: 'Oldest transaction',
      description: 'It keeps vacuum from removing what is dead, and may hold a seal.',
      unit: 's',
      width: 6,
      warn: 300,
      bad: 3600,
      queries: [{ expression: 'max(silver_database_oldest_transaction_seconds)', legend: '' }],
    }),
    number({
      title: 'Planning at',
      description:
        'Of its full pace: less than all when Silver holds back because the database is under pressure.',
      unit: 'percentunit',
      width: 6,
      queries: [{ expression: 'min(silver_backpressure)', legend: '' }],
    }),
    lines({
      title: 'Why planning holds back',
      description: 'Signals of load, a minute, that made it. None is well.',
      unit: 'short',
      queries: [
        {
          expression:
            'sum by (silver_pressure_signal) (rate(silver_backpressure_causes_total[$__rate_interval])) * 60',
          legend: '{{silver_pressure_signal}}',
        },
      ],
    }),
    lines({
      title: 'Connections',
      description:
        'Clients of the database by state. Idle in transaction is somebody who forgot to commit.',
      unit: 'short',
      queries: [
        {
          expression: 'max by (silver_connection_state) (silver_database_connections)',
          legend: '{{silver_connection_state}}',
        },
        { expression: 'max(silver_database_connections_limit)', legend: 'limit' },
      ],
    }),
    lines({
      title: 'Seals held back',
      description:
        'How long transactions that may still write have kept a source from being sealed. The monitor names them.',
      unit: 's',
      queries: [
        {
          expression: 'max by (silver_source) (silver_source_seal_wait_seconds)',
          legend: '{{silver_source}}',
        },
      ],
    }),
    lines({
      title: 'Invalidation log',
      description: 'Entries that wait for a scheduler. A million make live views slow.',
      unit: 'short',
      queries: [
        {
          expression: 'max by (silver_source) (silver_source_invalidations)',
          legend: '{{silver_source}}',
        },
      ],
    }),
    lines({
      title: 'Invalidations taken over',
      description: 'Entries a second: how much changes late.',
      unit: 'ops',
      queries: [
        {
          expression: 'sum(rate(silver_plan_invalidations_total[$__rate_interval]))',
          legend: 'entries',
        },
      ],
    }),
    lines({
      title: 'Blocks found in the cache',
      description: 'Of all blocks read. Chunks that read history lower it.',
      unit: 'percentunit',
      queries: [
        {
          expression:
            'sum(max by (silver_block_source) (rate(silver_database_blocks_total{silver_block_source="cache"}[$__rate_interval]))) / sum(max by (silver_block_source) (rate(silver_database_blocks_total[$__rate_interval])))',
          legend: 'share',
        },
      ],
    }),
    lines({
      title: 'Temporary files',
      description: 'Bytes a second. Chunks that spill are too large for work_mem.',
      unit: 'Bps',
      queries: [
        {
          expression: 'max(rate(silver_database_temporary_bytes_total[$__rate_interval]))',
          legend: 'written',
        },
      ],
    }),
    lines({
      title: 'Transactions and deadlocks',
      description: 'A second.',
      unit: 'ops',
      queries: [
        {
          expression:
            'max by (silver_outcome) (rate(silver_database_transactions_total[$__rate_interval]))',
          legend: '{{silver_outcome}}',
        },
        {
          expression: 'max(rate(silver_database_deadlocks_total[$__rate_interval]))',
          legend: 'deadlocks',
        },
      ],
    }),
    lines({
      title: 'Jobs',
      description: "Of pg-boss's queues, by state.",
      unit: 'short',
      queries: [
        {
          expression: 'max by (messaging_destination_name, pgboss_job_state) (pgboss_queue_jobs)',
          legend: '{{messaging_destination_name}} {{pgboss_job_state}}',
        },
      ],
    }),
    lines({
      title: 'Lag of replicas',
      description: 'Of the one that trails most; nothing without a replica.',
      unit: 's',
      queries: [{ expression: 'max(silver_database_replay_lag_seconds)', legend: 'replay' }],
    }),
  ],
});
