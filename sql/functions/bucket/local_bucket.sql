-- silver.local_bucket(width, local, origin): the start of the bucket that holds a finite local time, on a calendar without clock
-- changes. The width is whole months, or days and time. One expression, so that PostgreSQL inlines it, and with a constant width
-- and origin only one branch is left of it. Immutable, parallel safe; takes no locks.
create or replace function silver.local_bucket(width interval, local timestamp, origin timestamp)
returns timestamp
language sql immutable parallel safe
return case
  when extract(year from width) = 0 and extract(month from width) = 0 then date_bin(width, local, origin)
  when extract(year from width) * 12 + extract(month from width) = 1 and origin = date_trunc('month', origin)
    then date_trunc('month', local)
  -- Months since the origin's month; there is no year 0, so years before Christ are one off.
  else date_trunc('month', origin) + make_interval(months => (floor((
      12 * (date_part('year', local - (origin - date_trunc('month', origin)))
        + case when local - (origin - date_trunc('month', origin)) < timestamp '0001-01-01' then 1 else 0 end
        - date_part('year', origin) - case when origin < timestamp '0001-01-01' then 1 else 0 end)
      + date_part('month', local - (origin - date_trunc('month', origin))) - date_part('month', origin))
    / (date_part('year', width) * 12 + date_part('month', width)))
    * (date_part('year', width) * 12 + date_part('month', width)))::integer)
    + (origin - date_trunc('month', origin))
end;
