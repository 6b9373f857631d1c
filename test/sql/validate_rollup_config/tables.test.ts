import { expect } from 'vitest';
import { set, testFindings } from './use-findings.ts';

testFindings([
  {
    code: 'source_missing',
    severity: 'error',
    harm: 'drop table app.readings',
    says: /the source \d+ is gone/,
    advice: /drop_rollup/,
  },
  {
    code: 'target_missing',
    severity: 'error',
    harm: 'drop table app.daily cascade',
    says: /the target \d+ is gone/,
    target: expect.stringMatching(/^\d+$/) as never,
    advice: /drop_rollup/,
  },
  {
    code: 'live_view_missing',
    severity: 'warning',
    harm: 'drop view app.daily_live',
    target: 'app.daily',
    says: /app\.daily_live is gone/,
  },
  {
    code: 'key_missing',
    severity: 'error',
    harm: 'alter table app.daily drop constraint daily_pkey',
    target: 'app.daily',
    says: /no unique key of \{device,timestamp\}/,
  },
  {
    code: 'default_partition',
    severity: 'error',
    harm: 'create table app.rest partition of app."Hour""ly" default',
    says: /default partition, app\.rest/,
    advice: /DETACH PARTITION app\.rest/,
    cure: 'drop table app.rest',
  },
  {
    code: 'not_partitioned',
    severity: 'error',
    harm: `alter table app.daily rename to was; create table app.daily (like app.was including all); ${set(`target_table = 'app.daily'`, 'rollup_id = 2')}`,
    target: 'app.daily',
    says: /is no partitioned table/,
  },
  {
    code: 'retention_needs_partitions',
    severity: 'warning',
    harm: set(`partition_interval = null, retention_period = '1 year'`),
    says: /plain table with children/,
    advice: /partition_interval/,
  },
]);
