SELECT tracking.entry_json(e)
FROM tracking.time_entries e
WHERE user_id = $1::uuid AND id = $2::uuid
