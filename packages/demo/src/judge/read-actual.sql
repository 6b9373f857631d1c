-- A table as PostgreSQL exported it. All text: each value is cast to what the expected column is.
insert into actual by name select * from read_csv($1, header = true, all_varchar = true);
