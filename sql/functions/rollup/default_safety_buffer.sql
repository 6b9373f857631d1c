-- silver.default_safety_buffer(width): how long after its end a bucket falls due, unless the rollup says otherwise: 30 s for
-- buckets up to a second, 1 minute up to a minute, else one bucket (the first of the specification's two tables).
-- Immutable; takes no locks.
create or replace function silver.default_safety_buffer(width interval)
returns interval
language sql immutable parallel safe strict
return case
  when width <= interval '1 second' then interval '30 seconds'
  when width <= interval '1 minute' then interval '1 minute'
  else width end;
