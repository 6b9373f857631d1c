-- silver.exact_text(value): the value as text that reads back as the same value in any session: floating-point numbers with all
-- their digits, dates year first, offsets instead of zone abbreviations. Stable, parallel safe; takes no locks.
-- Sets no search_path: it is called once a row, and the others cost enough.
create or replace function silver.exact_text(value anyelement)
returns text
language plpgsql stable parallel safe strict
set datestyle = 'ISO'
set extra_float_digits = 1
as $$
begin
  return format('%s', value);
end
$$;
