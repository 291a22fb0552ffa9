-- Preferences may come later than the report, or never: events of people and links are not in one order.
SELECT reporting_app.report_json(r), r.owner, coalesce(p.zone, 'UTC'), coalesce(p.week_start, 'iso')
FROM reporting_app.shares s
JOIN reporting_app.saved_reports r ON r.id = s.report_id
LEFT JOIN reporting.people p ON p.id = r.owner
WHERE s.token_hash = $1::text AND s.expires_at > $2::timestamp AT TIME ZONE 'UTC'
