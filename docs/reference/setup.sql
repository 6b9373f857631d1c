-- Readings of two devices, one every ten minutes, through the first two days of March 2026.
create table public.readings (
  at timestamptz not null,
  device text not null,
  temperature double precision,
  counter bigint
);
create index on public.readings (at);
insert into public.readings
select at, device, 20 + extract(hour from at) / 10, 60 * extract(hour from at) + extract(minute from at)
from generate_series(timestamptz '2026-03-01 00:00+00', '2026-03-02 23:50+00', interval '10 minutes') as at,
  unnest(array['a', 'b']) as device;
analyze public.readings;

-- Hourly from the readings, daily from the hourly, computed.
select silver.create_rollup_table('public.readings', 'public', 'readings_hourly', '1 hour',
  dimensions => '{device}', start_from => '2026-03-01');
select silver.create_rollup_table('public.readings_hourly', 'public', 'readings_daily', '1 day',
  start_from => '2026-03-01');
call silver.run_rollups();
