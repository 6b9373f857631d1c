-- Any type; rows without a value or a time do not count.
select silver.last_value(word, at)
from (values ('early', timestamptz '2026-03-01'), ('late', '2026-03-02'), (null, '2026-03-03'), ('never', null)) as v (word, at);
--> late
