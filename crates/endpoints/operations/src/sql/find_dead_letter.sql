-- Rows have no bytes (api::sql), so the body comes as text; encode() breaks its lines.
SELECT reporting_app.letter_json(l), l.attempts, l.properties, translate(encode(l.body, 'base64'), E'\n', '')
FROM reporting.dead_letters l
WHERE id = $1::uuid
