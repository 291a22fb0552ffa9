-- Twice as long at each try, from 1 s to 5 min.
UPDATE tracking.outbox
SET attempts = attempts + 1,
    next_attempt_at = now() + least(interval '5 minutes', interval '1 second' * 2 ^ least(attempts, 10)),
    last_error = left($2, 500)
WHERE id = $1
