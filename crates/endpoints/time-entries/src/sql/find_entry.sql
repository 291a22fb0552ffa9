SELECT id, started_at AT TIME ZONE 'UTC', ended_at AT TIME ZONE 'UTC', zone, description, project, version,
       created_at AT TIME ZONE 'UTC', updated_at AT TIME ZONE 'UTC'
FROM tracking.time_entries
WHERE user_id = $1 AND id = $2 AND deleted_at IS NULL
