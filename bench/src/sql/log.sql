-- 200 people in turn: each tells who they are, the first 50 make a project, then all track hour after hour, and every
-- fifth time they change what they tracked last.
CREATE TEMP TABLE made AS
SELECT i, i / 200 AS round, md5('bench person ' || i % 200)::uuid AS person, 'Person ' || i % 200 AS name,
    md5('bench event ' || i)::uuid AS id, '2024-01-01 00:00Z'::timestamptz + i / 200 * interval '1 hour' AS start,
    md5('bench project ' || i * 7 % 50)::uuid AS project
FROM generate_series(0, current_setting('bench.events')::int - 1) i;

INSERT INTO tracking.users (id, username, name, event_seq)
SELECT person, 'bench-' || min(i), min(name), count(*) FROM made GROUP BY person;

INSERT INTO tracking.events (id, user_id, user_seq, type, subject, envelope)
SELECT id, person, round + 1, 'timetracker.' || kind, subject, jsonb_build_object('specversion', '1.0', 'id', id,
    'source', '/timetracker/tracking', 'type', 'timetracker.' || kind, 'subject', subject,
    'time', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'datacontenttype', 'application/json', 'dataschema', schema,
    'data', jsonb_build_object('user_id', person, 'user_seq', round + 1, 'actor', jsonb_build_object('id', person, 'name', name),
        'before', before, 'after', after) || data)
FROM made m
CROSS JOIN LATERAL (
    SELECT round > 4 AND round % 5 = 4 AS again, to_jsonb(project) AS at_project, jsonb_build_object('start', start,
        'end', start + interval '50 min', 'zone', 'UTC', 'description', 'Work on something useful, part ' || round,
        'project_id', project, 'task_id', NULL, 'tag_ids', '[]'::jsonb, 'billable', i % 3 = 0) AS state
) s
CROSS JOIN LATERAL (
    SELECT 'user.created', person, '/schemas/user-event-v1.json', NULL::jsonb, jsonb_build_object('username', 'bench-' || i,
        'name', name, 'zone', 'UTC', 'locale', 'en', 'week_start', 'iso', 'daily_target_minutes', 480),
        jsonb_build_object('version', 1)
    WHERE round = 0
    UNION ALL
    SELECT 'project.created', md5('bench project ' || i % 200)::uuid, '/schemas/catalogue-event-v1.json', NULL,
        jsonb_build_object('name', 'Project ' || i % 200, 'color', '#4f6bed', 'archived', false, 'client_id', NULL),
        jsonb_build_object('id', md5('bench project ' || i % 200)::uuid, 'version', 1)
    WHERE round = 1 AND i % 200 < 50
    UNION ALL
    SELECT CASE WHEN again THEN 'time_entry.changed' ELSE 'time_entry.created' END, entry,
        '/schemas/time-entry-event-v3.json', CASE WHEN again THEN state END, state,
        jsonb_build_object('entry_id', entry, 'version', CASE WHEN again THEN 2 ELSE 1 END, 'rate', NULL, 'currency', NULL,
            'days', jsonb_build_array(jsonb_build_object('date', (start AT TIME ZONE 'UTC')::date, 'seconds', 3000,
                'rounded_seconds', 3000, 'amount', NULL)))
    -- A changed entry is the one that the person made the round before.
    FROM (SELECT md5('bench entry ' || CASE WHEN again THEN i - 200 ELSE i END)::uuid AS entry) e
    WHERE round > 1 OR round = 1 AND i % 200 >= 50
) AS k (kind, subject, schema, before, after, data)
ORDER BY i;
DROP TABLE made;
