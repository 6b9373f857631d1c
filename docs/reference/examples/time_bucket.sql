select silver.time_bucket('15 minutes', '2026-03-01 10:17:00+00');
--> 2026-03-01 10:15:00+00

-- Days of a zone begin at its midnight: this one has 23 hours.
select silver.time_bucket('1 day', '2026-03-29 20:00+00', 'Europe/Berlin'),
  silver.time_bucket('1 day', '2026-03-29 22:00+00', 'Europe/Berlin');
--> 2026-03-28 23:00:00+00 | 2026-03-29 22:00:00+00

-- Weeks begin on Monday, or where you say.
select silver.time_bucket('1 week', '2026-03-04 12:00+00'),
  silver.time_bucket('1 week', '2026-03-04 12:00+00', origin => '2026-03-01 00:00+00');
--> 2026-03-02 00:00:00+00 | 2026-03-01 00:00:00+00

-- A year is twelve months.
select silver.time_bucket('1 year', '2026-03-04 12:00+00');
--> 2026-01-01 00:00:00+00

select silver.time_bucket('0 seconds', now());
--! 22023: a bucket must be longer than nothing, not 00:00:00
