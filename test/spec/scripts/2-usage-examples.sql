-- Configure dimension columns
INSERT INTO silver.timeseries_dimension_config (source_table, dimension_column, description)
VALUES 
    ('schema.source_table', 'company_name', 'Company identifier'),
    ('schema.source_table', 'site_name', 'Site location');

-- Create rollup table
SELECT silver.create_rollup_table(
    source_table_name := 'schema.source_table',
    target_schema := 'schema',
    target_table_name := 'target_table',
    rollup_table_interval := '15 minutes'::interval,
    look_back_window := '10 minutes'::interval,
    retention_period := '60 days'::interval
);

-- Process all tables
SELECT silver.perform_rollup();

-- Process specific table
SELECT silver.perform_rollup('schema.specific_table');

-- Check table statistics
SELECT * FROM silver.get_detailed_stats('%_timeseries');

-- Validate configurations
SELECT * FROM silver.validate_rollup_config();

-- View operations status
SELECT * FROM silver.timeseries_operations_monitor;
