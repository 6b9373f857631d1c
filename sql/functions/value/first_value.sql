-- silver.first_value(value, time): the value at the earliest time of the group. Rows whose value or time is null are left out; none
-- left: null. Of several values at that time the least: by the type's own order, or by text where that knows none (silver.orders_by_value);
-- so the order of the rows plays no part. Infinite times are times like others. Works for any type but anonymous records.
-- For people's queries: 500,000 rows take 0.7 s. Stored chunk SQL has a faster expression of the same meaning.
-- Parallel safe, with a combine function; takes no locks.
create or replace aggregate silver.first_value(value anyelement, "time" timestamptz) (
  sfunc = silver.first_step,
  stype = silver.timed_value,
  combinefunc = silver.first_combine,
  finalfunc = silver.final_value,
  finalfunc_extra,
  parallel = safe
);
