-- A year of everybody by person need not read each one's months (docs/adr/0008).
CREATE TABLE reporting.user_year_sums (LIKE reporting.user_month_sums) WITH (fillfactor = 70);
ALTER TABLE reporting.user_year_sums
    ADD CONSTRAINT user_year_sums_key UNIQUE NULLS NOT DISTINCT (user_id, day, billable, currency);
CREATE INDEX ON reporting.user_year_sums (day);
INSERT INTO reporting.user_year_sums (user_id, day, billable, currency, seconds, rounded_seconds, amount, parts)
SELECT user_id, date_trunc('year', day)::date, billable, currency, sum(seconds), sum(rounded_seconds), sum(amount), sum(parts)
FROM reporting.user_month_sums GROUP BY 1, 2, 3, 4;
GRANT SELECT ON reporting.user_year_sums TO reporting_writer, reports_api;
