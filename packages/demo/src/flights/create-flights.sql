-- The demonstration's raw table: one partition a day, as a table that receives flights every day would have.
create table public.flights (
  date timestamptz not null,
  delay integer not null,
  distance integer not null,
  origin text not null,
  destination text not null
) partition by range (date);

do $$
declare
  day timestamptz;
begin
  for day in select generate_series(timestamptz '2001-01-01 00:00Z', '2001-07-01 00:00Z', '1 day') loop
    execute format('create table public.%I partition of public.flights for values from (%L) to (%L)',
      'flights_' || to_char(day at time zone 'UTC', 'YYYY_MM_DD'), day, day + interval '24 hours');
  end loop;
end
$$;
