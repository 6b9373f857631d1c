import { testFindings } from './use-findings.ts';

testFindings([
  {
    code: 'time_unindexed',
    severity: 'warning',
    harm: 'drop index app.readings_at',
    says: /no btree index of app\.readings begins with at/,
  },
  {
    code: 'source_unlogged',
    severity: 'error',
    harm: 'alter table app.readings_2 set unlogged',
    says: /app\.readings_2 is unlogged/,
  },
  {
    code: 'log_waiting',
    severity: 'warning',
    harm: `insert into silver.timeseries_invalidation_log (source_id, touched, logged_at) values (1, '{[2001-01-01Z,2001-01-02Z)}', now() - interval '11 minutes')`,
    says: /1 entries of changes to app\.readings wait since/,
    advice: /Start a scheduler/,
  },
  {
    code: 'tracking_off',
    severity: 'warning',
    harm: `select silver.track_off('app.readings')`,
    says: /is switched off/,
  },
  {
    code: 'foreign_member',
    severity: 'error',
    harm: `create foreign data wrapper nowhere; create server nowhere foreign data wrapper nowhere;
      create foreign table app.readings_3 partition of app.readings for values from ('2001-03-01Z') to ('2001-04-01Z') server nowhere`,
    says: /app\.readings_3 is a foreign table/,
    advice: /Detach it/,
  },
  {
    code: 'member_untracked',
    severity: 'warning',
    harm: `create table app.readings_3 partition of app.readings for values from ('2001-03-01Z') to ('2001-04-01Z')`,
    says: /1 of 4 members of app\.readings lack tracking triggers, the first is app\.readings_3/,
    advice: /adopts them/,
    cure: 'select silver.lock_source(1), silver.adopt_source(1)',
  },
  {
    code: 'trigger_disabled',
    severity: 'error',
    harm: 'alter table app.readings_1 disable trigger silver_track_update',
    says: /tracking triggers of app\.readings_1 do not fire always/,
  },
  {
    code: 'trigger_disabled',
    severity: 'error',
    harm: 'alter table app.readings_1 enable trigger silver_track_delete',
    says: /do not fire always/,
  },
]);
