SELECT tracking.entry_json(e)
FROM tracking.time_entries e
WHERE user_id = $1::uuid AND deleted_at IS NULL
  AND id IN (SELECT jsonb_array_elements_text($2::jsonb)::uuid)
