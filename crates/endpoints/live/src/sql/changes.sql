SELECT s.seat, e.user_seq, e.type, jsonb_build_object(
    'type', e.type,
    'subject', e.subject,
    'version', e.envelope->'data'->'version',
    'at', e.envelope->'time',
    'after', e.envelope->'data'->'after')
FROM jsonb_to_recordset($1::jsonb) AS s (seat bigint, reader uuid, after bigint)
CROSS JOIN LATERAL (
    SELECT user_seq, replace(type, 'timetracker.', '') AS type, subject, envelope
    FROM tracking.events
    WHERE user_id = s.reader AND user_seq > s.after
    ORDER BY user_seq LIMIT $2::bigint
) e
ORDER BY s.seat, e.user_seq
