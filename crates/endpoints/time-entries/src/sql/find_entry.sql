SELECT tracking.entry_json(e)
FROM tracking.time_entries e
WHERE ($1::uuid IS NULL OR user_id = $1::uuid) AND id = $2::uuid AND deleted_at IS NULL
