SELECT id, event_id, routing_key, body, traceparent, attempts, recorded_at
FROM tracking.outbox
WHERE next_attempt_at <= now()
ORDER BY id
LIMIT $1
FOR UPDATE SKIP LOCKED
