SELECT jsonb_build_object(
    'version', v.data->'version',
    'change', split_part(v.type, '.', 3),
    'at', v.envelope->'time',
    'actor', v.data->'actor',
    'before', v.data->'before',
    'after', v.data->'after')
FROM (
    SELECT type, envelope, envelope->'data' AS data, (envelope->'data'->>'version')::bigint AS version
    FROM tracking.events
    WHERE subject = $2::uuid AND type LIKE 'timetracker.time\_entry.%' AND ($1::uuid IS NULL OR user_id = $1::uuid)
) v
WHERE $3::bigint IS NULL OR v.version < $3::bigint
ORDER BY v.version DESC
LIMIT $4::bigint
