select column_name, role, metric, column_type, composes
from silver.timeseries_rollup_column where rollup_id = 1 order by position;
--> timestamp | time |  | timestamp with time zone | t
--> device | dimension | device | text | t
--> row_count | row_count |  | bigint | t
--> min_temperature | min | temperature | double precision | t
--> max_temperature | max | temperature | double precision | t
--> avg_temperature | avg | temperature | double precision | t
--> sum_temperature | sum | temperature | double precision | t
--> count_temperature | count | temperature | bigint | t
--> min_counter | min | counter | bigint | t
--> max_counter | max | counter | bigint | t
--> avg_counter | avg | counter | numeric | t
--> sum_counter | sum | counter | numeric | t
--> count_counter | count | counter | bigint | t
