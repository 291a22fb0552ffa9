SELECT coalesce(extract(epoch FROM clock_timestamp() - (
    SELECT e.recorded_at FROM tracking.outbox o JOIN tracking.events e ON e.id = o.event_id ORDER BY o.id LIMIT 1
)), 0)::float8
