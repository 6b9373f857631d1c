-- What people did through the console: who, when, what, and what was said beforehand of its effect.

create table silver.timeseries_audit (
  audit_id bigint generated always as identity primary key,
  occurred_at timestamptz not null default clock_timestamp(),
  actor text not null check (actor <> ''),
  database_role name not null default session_user,
  action text not null check (action <> ''),
  rollup_id integer references silver.timeseries_rollup_config (rollup_id) on delete set null,
  target_name text,
  effect text not null,
  arguments jsonb not null default '{}',
  outcome text not null
);
create index on silver.timeseries_audit (occurred_at);
create index on silver.timeseries_audit (rollup_id, occurred_at);

comment on table silver.timeseries_audit is
  'What people did through the console, each row written in the transaction of the action itself: no action without its row, no row without its action.';
comment on column silver.timeseries_audit.audit_id is 'Identifies the entry.';
comment on column silver.timeseries_audit.occurred_at is 'When it was done.';
comment on column silver.timeseries_audit.actor is 'Who did it, as the console knows them: the user name they signed in with, or the address they came from.';
comment on column silver.timeseries_audit.database_role is 'The role the console is connected as.';
comment on column silver.timeseries_audit.action is 'What was done.';
comment on column silver.timeseries_audit.rollup_id is 'The rollup it was done to; null when there is none, or it was dropped since.';
comment on column silver.timeseries_audit.target_name is 'The rollup''s target as it was named then.';
comment on column silver.timeseries_audit.effect is 'The sentence the person was shown before.';
comment on column silver.timeseries_audit.arguments is 'What was passed.';
comment on column silver.timeseries_audit.outcome is 'What came of it.';
