-- 40 entries of an hour and a half for each person ($1), a day each, written as the API writes them. The fraction of
-- one's creation is whole milliseconds, which reads shorter.
WITH written AS (
    SELECT tracking.write(
        jsonb_build_object('user', p.id, 'username', 'person' || p.n - 1, 'name', 'Person ' || p.n - 1,
            'roles', '["user"]'::jsonb, 'traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'),
        'create_entry',
        jsonb_build_object('id', gen_random_uuid(), 'start', day + time '09:00', 'end', day + time '10:30',
            'zone', 'Europe/Zurich', 'description', 'Work on something useful, part ' || i, 'tag_ids', '[]'::jsonb,
            'billable', i % 3 = 0, 'days', jsonb_build_array(jsonb_build_object('date', day, 'seconds', 5400))))
    FROM unnest($1::uuid[]) WITH ORDINALITY p (id, n), generate_series(0, 39) i, LATERAL (SELECT date '2025-01-06' + i) d (day)
)
SELECT count(*) FROM written
