-- silver.compare_to_text(value, other, other_text): -1, 0 or 1: how a value compares with another one that is known as text. `other` only
-- lends its type: any value of it will do. Immutable but for the type's own order; takes no locks.
-- Sets no search_path: it is called once a row, and the type's own operators are found as its user finds them.
create or replace function silver.compare_to_text(value anyelement, other anyelement, other_text text)
returns integer
language plpgsql stable parallel safe
as $$
begin
  other := other_text;
  return case when value < other then -1 when value > other then 1 else 0 end;
end
$$;
