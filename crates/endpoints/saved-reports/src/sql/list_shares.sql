SELECT reporting_app.share_json(s)
FROM reporting_app.shares s
WHERE report_id = $1::uuid AND expires_at > $2::timestamp AT TIME ZONE 'UTC'
  AND ($3::timestamp IS NULL OR (created_at, id) < ($3::timestamp AT TIME ZONE 'UTC', $4::uuid))
ORDER BY created_at DESC, id DESC
LIMIT $5::bigint
