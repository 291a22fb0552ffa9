SELECT reporting_app.report_json(r)
FROM reporting_app.saved_reports r
WHERE owner = $1::uuid AND ($2::text IS NULL OR (lower(name), id) > (lower($2::text), $3::uuid))
ORDER BY lower(name), id
LIMIT $4::bigint
