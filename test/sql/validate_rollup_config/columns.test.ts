import { hourly, testFindings } from './use-findings.ts';

testFindings([
  {
    code: 'source_column_missing',
    severity: 'error',
    harm: 'alter table app.readings drop column value',
    says: /has no column value any more, which \w+ is computed from/,
  },
  {
    code: 'source_column_missing',
    severity: 'error',
    harm: 'alter table app.readings rename column value to "Va;lue"',
    says: /has no column value/,
  },
  {
    code: 'source_changed',
    severity: 'error',
    harm: 'alter table app.readings alter column value type bigint',
    says: /have changed since it was compiled/,
  },
  {
    code: 'column_narrowed',
    severity: 'error',
    harm: 'alter table app.readings alter column value type bigint',
    says: /m\w\w_value of .* is integer; value of the source has become bigint/,
  },
  {
    code: 'column_added',
    severity: 'warning',
    harm: 'alter table app.readings add column "new; one" integer',
    says: /"new; one" has come to app\.readings/,
    advice: /sync_rollup/,
    cure: `select * from silver.sync_rollup('app."Hour""ly"')`,
  },
  {
    code: 'target_column_changed',
    severity: 'error',
    harm: 'drop view app.daily_live; alter table app.daily drop column avg_value',
    target: 'app.daily',
    says: /has no column avg_value any more/,
    advice: /Restore the column/,
  },
  {
    code: 'target_column_changed',
    severity: 'error',
    harm: 'drop view app.daily_live; alter table app.daily alter column avg_value type double precision',
    target: 'app.daily',
    says: /avg_value of app\.daily is double precision, not numeric/,
    advice: /Restore the column/,
  },
  {
    code: 'not_compiled',
    severity: 'error',
    harm: `delete from silver.timeseries_rollup_statement where ${hourly}`,
    says: /no stored statements/,
  },
]);
