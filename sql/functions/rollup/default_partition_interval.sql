-- silver.default_partition_interval(width): partitions of a target hold some thousands of buckets. Immutable; takes no locks.
create or replace function silver.default_partition_interval(width interval)
returns interval
language sql immutable parallel safe strict
return case
  when width < interval '1 minute' then interval '1 day'
  when width < interval '1 hour' then interval '7 days'
  when width < interval '1 day' then interval '1 month'
  when width < interval '1 month' then interval '1 year'
  else interval '10 years' end;
