-- What schedulers do every so often beside planning, and when one of them did it last: so that none does it twice.

create table silver.timeseries_chore (
  chore text primary key,
  taken_at timestamptz not null
);

comment on table silver.timeseries_chore is 'What schedulers do on intervals, and when one of them began it last.';
comment on column silver.timeseries_chore.chore is 'What it is: validate; or maintain and a rollup''s id.';
comment on column silver.timeseries_chore.taken_at is 'When a scheduler began it last.';
