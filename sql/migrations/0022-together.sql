-- A worker that dies in the middle of several chunks must not count as a failure of each: seven of eight had not begun.
alter table silver.timeseries_chunk add column together boolean not null default false;
comment on column silver.timeseries_chunk.together is
  'Whether the attempt that runs shares its transaction with other chunks: then the end of its worker says nothing against it.';
