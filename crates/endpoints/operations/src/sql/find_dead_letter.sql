SELECT reporting_app.letter_json(l), l.attempts, l.properties, l.body
FROM reporting.dead_letters l
WHERE id = $1::uuid
