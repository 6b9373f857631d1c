select device, silver.first_value(counter, at), silver.last_value(counter, at)
from public.readings
where at >= '2026-03-01 12:00+00' and at < '2026-03-01 13:00+00'
group by device order by device;
--> a | 720 | 770
--> b | 720 | 770
