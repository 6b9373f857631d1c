-- The first flights of the file: path, how many.
create table flights as
select date, delay, distance, origin, destination
from read_parquet($1, file_row_number = true)
where file_row_number < $2;
