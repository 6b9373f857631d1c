-- silver.time_expression(prefix, column, type, zone): SQL for the instant of a row, as timestamptz.
-- A timestamp or date column is read in `zone`. Errors: 22023 for any other type. Immutable; takes no locks.
create or replace function silver.time_expression(prefix text, time_column name, time_type regtype, zone text)
returns text
language plpgsql immutable
set search_path = pg_catalog, pg_temp
as $$
begin
  case time_type
    when 'timestamptz'::regtype then
      return format('%s%I', prefix, time_column);
    when 'timestamp'::regtype then
      return format('(%s%I at time zone %L)', prefix, time_column, zone);
    when 'date'::regtype then
      return format('(%s%I::timestamp at time zone %L)', prefix, time_column, zone);
    else
      raise exception 'the time column % is of type %', quote_ident(time_column), time_type
        using errcode = '22023', hint = 'A time column is a timestamptz, or a timestamp or date with a stated time zone.';
  end case;
end
$$;
