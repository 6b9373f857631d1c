delete from public.flights where origin = $1 and date >= $2::timestamptz and date < $3::timestamptz;
