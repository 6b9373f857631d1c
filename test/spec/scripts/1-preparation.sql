-- What the specification's examples take for granted: a schema, and a source with readings up to now.
CREATE SCHEMA schema;
CREATE TABLE schema.source_table (
    timestamp timestamptz NOT NULL,
    company_name text,
    site_name text,
    temperature double precision,
    counter bigint,
    status text,
    payload jsonb
);
CREATE INDEX ON schema.source_table (timestamp);
INSERT INTO schema.source_table
SELECT t, 'company ' || c, 'site ' || s, 20 + extract(minute FROM t) / 10, extract(epoch FROM t)::bigint, CASE WHEN s = 1 THEN 'ok' ELSE 'late' END, jsonb_build_object('c', c)
FROM generate_series(now() - interval '2 hours', now(), interval '30 seconds') AS t, generate_series(1, 2) AS c, generate_series(1, 2) AS s;

-- A table with a name like those the statistics are asked for, and a rollup of it that is run by its name.
CREATE TABLE schema.sensor_timeseries (at timestamptz NOT NULL, value numeric);
INSERT INTO schema.sensor_timeseries SELECT now() - n * interval '1 minute', n FROM generate_series(0, 119) AS n;
SELECT silver.create_rollup_table('schema.sensor_timeseries', 'schema', 'specific_table', '1 minute', look_back_window := '2 hours');
