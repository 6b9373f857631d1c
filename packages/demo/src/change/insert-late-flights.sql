insert into public.flights (date, delay, distance, origin, destination)
select timestamptz 'epoch' + micros * interval '1 microsecond', delay, distance, origin, destination
from unnest($1::bigint[], $2::integer[], $3::integer[], $4::text[], $5::text[])
  as late (micros, delay, distance, origin, destination);
