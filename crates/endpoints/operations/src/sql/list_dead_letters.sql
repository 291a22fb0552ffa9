SELECT reporting_app.letter_json(l)
FROM reporting.dead_letters l
WHERE $1::timestamp IS NULL OR (last_failed_at, id) < ($1::timestamp AT TIME ZONE 'UTC', $2::uuid)
ORDER BY last_failed_at DESC, id DESC
LIMIT $3::bigint
