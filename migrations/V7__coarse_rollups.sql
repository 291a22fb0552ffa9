-- Totals that ask for no project need not read every project's row: three rollups without projects and tasks, for what
-- would read the most rows otherwise (docs/adr/0008).
CREATE TABLE reporting.day_sums (LIKE reporting.day_totals) WITH (fillfactor = 70);
CREATE TABLE reporting.user_month_sums (LIKE reporting.user_month_totals) WITH (fillfactor = 70);
CREATE TABLE reporting.month_tag_sums (LIKE reporting.month_tag_totals) WITH (fillfactor = 70);
ALTER TABLE reporting.day_sums DROP COLUMN project_id, DROP COLUMN task_id,
    ADD CONSTRAINT day_sums_key UNIQUE NULLS NOT DISTINCT (day, billable, currency);
ALTER TABLE reporting.user_month_sums DROP COLUMN project_id, DROP COLUMN task_id,
    ADD CONSTRAINT user_month_sums_key UNIQUE NULLS NOT DISTINCT (user_id, day, billable, currency);
ALTER TABLE reporting.month_tag_sums DROP COLUMN project_id, DROP COLUMN task_id,
    ADD CONSTRAINT month_tag_sums_key UNIQUE NULLS NOT DISTINCT (day, tag_id, billable, currency);
CREATE INDEX ON reporting.user_month_sums (day);
INSERT INTO reporting.day_sums (day, billable, currency, seconds, rounded_seconds, amount, parts)
SELECT day, billable, currency, sum(seconds), sum(rounded_seconds), sum(amount), sum(parts)
FROM reporting.day_totals GROUP BY day, billable, currency;
INSERT INTO reporting.user_month_sums (user_id, day, billable, currency, seconds, rounded_seconds, amount, parts)
SELECT user_id, day, billable, currency, sum(seconds), sum(rounded_seconds), sum(amount), sum(parts)
FROM reporting.user_month_totals GROUP BY user_id, day, billable, currency;
INSERT INTO reporting.month_tag_sums (day, tag_id, billable, currency, seconds, rounded_seconds, amount, parts)
SELECT day, tag_id, billable, currency, sum(seconds), sum(rounded_seconds), sum(amount), sum(parts)
FROM reporting.month_tag_totals GROUP BY day, tag_id, billable, currency;
GRANT SELECT ON reporting.day_sums, reporting.user_month_sums, reporting.month_tag_sums TO reporting_writer, reports_api;

-- They tell of one thing more now (migrations/functions/reporting.00_entries.sql), and events go through arrays: an
-- array of JSON is made much faster than a JSON array.
DROP FUNCTION IF EXISTS reporting.rollups(), reporting.rollup_key(boolean, boolean),
    reporting.rollup_rows(boolean, boolean, text, text), reporting.facts(jsonb), reporting.apply_entries_here(jsonb),
    reporting.batch_of(tracking.events[]);
