import { hourly, testFindings } from './use-findings.ts';

testFindings([
  {
    code: 'chunk_dead',
    severity: 'error',
    harm: `insert into silver.timeseries_chunk (rollup_id, ranges, buckets, reason, state, attempt, last_error) values (1, '{[2031-01-01Z,2031-01-01 01:00Z)}', 1, 'forward', 'dead', 11, 'boom')`,
    says: /1 dead chunk, the first is \d+: boom/,
    advice: /reset_rollup_retry/,
    cure: `select silver.reset_rollup_retry('app."Hour""ly"')`,
  },
  {
    code: 'paused',
    severity: 'info',
    harm: `select silver.pause_rollup('app."Hour""ly"')`,
    says: /^paused$/,
  },
  {
    code: 'progress_missing',
    severity: 'error',
    harm: `delete from silver.timeseries_progress where ${hourly}`,
    says: /no row in silver\.timeseries_progress/,
    advice: /drop_rollup/,
  },
  {
    code: 'frozen_hits',
    severity: 'info',
    harm: `update silver.timeseries_progress set frozen_hits = 3, frozen_hit_at = now() where ${hourly}`,
    says: /touched 3 buckets that are final/,
    advice: /invalidate/,
  },
  {
    code: 'source_gone',
    severity: 'info',
    harm: 'alter table app.readings detach partition app.readings_1',
    says: /^partitions of app\.readings were detached or dropped: 744 buckets computed from them are final$/,
    advice: /Attach the partitions again/,
    cure: `alter table app.readings attach partition app.readings_1 for values from ('2001-01-01Z') to ('2001-02-01Z')`,
  },
]);
