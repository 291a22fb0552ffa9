SELECT jsonb_build_object(
    -- Of the last event: how long after its commit it was in the reports.
    'lag_seconds', CASE WHEN s.last_event_at IS NOT NULL
        THEN greatest(extract(epoch FROM s.last_applied_at - s.last_event_at), 0)::float8 END,
    'last_event_at', reporting_app.iso(s.last_event_at),
    'last_applied_at', reporting_app.iso(s.last_applied_at),
    'queues', s.queues,
    'counted_at', reporting_app.iso(s.counted_at),
    'dead_letters', (
        SELECT jsonb_build_object('poison', count(*) FILTER (WHERE kind = 'poison'),
            'parked', count(*) FILTER (WHERE kind = 'parked'))
        FROM reporting.dead_letters))
FROM reporting.state s
