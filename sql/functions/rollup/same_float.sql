-- silver.same_float(a, b): whether two sums or averages of the same floating-point numbers are the same: equal, both
-- null, or within 1e-12 relative. Immutable and inlined; takes no locks.
create or replace function silver.same_float(a double precision, b double precision)
returns boolean
language sql immutable parallel safe
return a is not distinct from b or coalesce(abs(a - b) <= 1e-12 * greatest(abs(a), abs(b)) and abs(a - b) < 'infinity', false);
