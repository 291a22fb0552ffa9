SELECT coalesce(extract(epoch FROM clock_timestamp() - (
    SELECT recorded_at FROM tracking.outbox ORDER BY id LIMIT 1
)), 0)::float8
