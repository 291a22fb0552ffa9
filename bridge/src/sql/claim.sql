SELECT o.id, e.id, o.routing_key, e.envelope::text, e.envelope->>'traceparent', o.attempts, e.recorded_at
FROM tracking.outbox o
JOIN tracking.events e ON e.id = o.event_id
WHERE o.next_attempt_at <= now()
ORDER BY o.id
LIMIT $1
FOR UPDATE OF o SKIP LOCKED
