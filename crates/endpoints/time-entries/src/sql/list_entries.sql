SELECT id, started_at AT TIME ZONE 'UTC', ended_at AT TIME ZONE 'UTC', zone, description, project, version,
       created_at AT TIME ZONE 'UTC', updated_at AT TIME ZONE 'UTC'
FROM tracking.time_entries
WHERE user_id = $1 AND deleted_at IS NULL
  AND ($2::timestamp IS NULL OR ended_at IS NULL OR ended_at > $2::timestamp AT TIME ZONE 'UTC')
  AND ($3::timestamp IS NULL OR started_at < $3::timestamp AT TIME ZONE 'UTC')
  AND ($4::timestamp IS NULL OR (started_at, id) < ($4::timestamp AT TIME ZONE 'UTC', $5::uuid))
ORDER BY started_at DESC, id DESC
LIMIT $6::bigint
