SELECT reporting_app.share_json(s) || jsonb_build_object(
    'report_name', r.name, 'owner_id', r.owner, 'owner_name', p.name)
FROM reporting_app.shares s
JOIN reporting_app.saved_reports r ON r.id = s.report_id
LEFT JOIN reporting.people p ON p.id = r.owner
WHERE s.expires_at > $1::timestamp AT TIME ZONE 'UTC'
  AND ($2::timestamp IS NULL OR (s.created_at, s.id) < ($2::timestamp AT TIME ZONE 'UTC', $3::uuid))
ORDER BY s.created_at DESC, s.id DESC
LIMIT $4::bigint
