-- silver.explain_column(col): one column of a target in words: meaning, how exact it is, and whether a coarser level can be computed from it.
-- Stable; takes no locks.
create or replace function silver.explain_column(col silver.timeseries_rollup_column,
  out meaning text, out exactness text, out composition text)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select
    format(case (col).role
      when 'time' then 'start of the bucket' when 'dimension' then 'dimension' when 'row_count' then 'source rows'
      when 'min' then 'least %I' when 'max' then 'greatest %I' when 'avg' then 'sum by count of %I' when 'sum' then 'sum of %I'
      when 'count' then 'rows whose %I is not null' when 'mode' then 'most frequent %I, of several the one with the lowest text'
      when 'values' then 'how often each %I occurred, at most 1,000 values and 256 kB' when 'array' then 'every %I by time, then value, at most 1,000'
      when 'first' then 'first %I' when 'first_time' then 'time of the first %I' when 'last' then 'last %I' when 'last_time' then 'time of the last %I'
      else '%I, gone from the source' end, (col).metric),
    case
      when (col).role = 'retired' then 'not computed any more'
      when (col).role in ('sum', 'avg') and (col).column_type = 'double precision' then 'exact to 1e-12, as sums of floating-point numbers depend on their order'
      when (col).role = 'avg' and (col).column_type = 'numeric' then 'exact sum and count, their quotient to 16 digits'
      when (col).role = 'avg' then 'exact sum and count, their quotient rounded'
      else 'exact' end,
    case
      when (col).role = 'retired' or not (col).composes then 'does not compose'
      when (col).role = 'avg' then 'composes by sum and count'
      when (col).role in ('mode', 'values') and (silver.sibling_column(col, 'mode')).column_type <> 'boolean'
        then 'composes by the counts; a group of more values than are stored is counted from the root source'
      when (col).role = 'mode' then 'composes by the counts'
      when (col).role = 'array' then 'composes where no dimension is left out; else the root source is read'
      else 'composes' end
$$;
