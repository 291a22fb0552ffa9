-- The outbox carries the message itself: the bridge then reads one table, and need not see the log of what everybody did.
ALTER TABLE tracking.outbox
    -- The CloudEvents envelope as it is sent, and the trace that goes into the message's headers.
    ADD COLUMN body        text,
    ADD COLUMN traceparent text,
    ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT now();
UPDATE tracking.outbox o
SET body = e.envelope::text, traceparent = e.envelope->>'traceparent', recorded_at = e.recorded_at
FROM tracking.events e WHERE e.id = o.event_id;
ALTER TABLE tracking.outbox ALTER COLUMN body SET NOT NULL;
REVOKE SELECT ON tracking.events FROM bridge;
