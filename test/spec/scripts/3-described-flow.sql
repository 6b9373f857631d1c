-- Functions and tables that the specification names without an example, in the order of its flow.
-- Raw data, bucketed by hand
SELECT silver.time_bucket('15 minutes', timestamp) AS bucket, company_name, count(*),
       silver.first_value(temperature, timestamp) AS first, silver.last_value(temperature, timestamp) AS last
FROM schema.source_table GROUP BY 1, 2 ORDER BY 1 DESC, 2 LIMIT 4;

-- Get active configs: window, load, lock and progress as they are kept
SELECT source_table, target_table, rollup_table_interval, look_back_window, processing_window, status, worker_id, retry_count, alert_threshold,
       last_processed_time, avg_duration_ms, avg_rows
FROM silver.timeseries_rollup_config ORDER BY rollup_id;

-- Aggregated data
SELECT * FROM schema.target_table_live ORDER BY timestamp DESC, company_name, site_name LIMIT 2;
SELECT timestamp, row_count, min_value, max_value, avg_value FROM schema.specific_table ORDER BY timestamp DESC LIMIT 3;

-- Success logging, written by silver.log_rollup_success with every chunk
SELECT started_at, finished_at, duration_ms, rows_read, rows_inserted, target_rows_estimate, target_bytes FROM silver.timeseries_refresh_log ORDER BY refresh_id;

-- Error handling: nothing has failed, so there is nothing to try again
SELECT * FROM silver.handle_rollup_retries();
SELECT error_message, sql_state, context, hint, attempted_query, occurred_at FROM silver.timeseries_error_log;

-- Maintenance
SELECT * FROM silver.optimize_chunk_interval('schema.target_table');
SELECT * FROM silver.maintain_timeseries_tables('schema.target_table');
SELECT * FROM silver.get_partition_stats('schema.target_table');

-- What is stored, and how exact it is
SELECT line FROM silver.explain_rollup('schema.target_table') AS line LIMIT 12;
