SELECT tracking.entry_json(e), u.forgotten_after_minutes,
       (SELECT min(n.started_at) FROM tracking.time_entries n
        WHERE n.user_id = e.user_id AND n.started_at > e.started_at AND n.deleted_at IS NULL)
FROM tracking.time_entries e JOIN tracking.users u ON u.id = e.user_id
WHERE e.user_id = $1::uuid AND e.ended_at IS NULL AND e.deleted_at IS NULL
