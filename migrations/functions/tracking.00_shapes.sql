-- How rows read as JSON, in events and in answers. (Files here are applied in the order of their names.)

-- An instant in RFC 3339, UTC, with a fraction only where there is one. (Not IMMUTABLE, or PostgreSQL would not put it
-- in place of its call, which takes three times as long.)
CREATE OR REPLACE FUNCTION tracking.iso(p_at timestamptz) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT to_char(p_at AT TIME ZONE 'UTC',
        CASE WHEN date_trunc('second', p_at) = p_at THEN 'YYYY-MM-DD"T"HH24:MI:SS"Z"'
             ELSE 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"' END)
$$;

-- What an event tells of an entry, before or after the change.
CREATE OR REPLACE FUNCTION tracking.entry_state(e tracking.time_entries) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'start', tracking.iso(e.started_at),
        'end', tracking.iso(e.ended_at),
        'zone', e.zone,
        'description', e.description,
        'project_id', e.project_id,
        'task_id', e.task_id,
        'tag_ids', e.tag_ids,
        'billable', e.billable)
$$;

-- An entry in an answer.
CREATE OR REPLACE FUNCTION tracking.entry_json(e tracking.time_entries) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', e.id,
        'user_id', e.user_id,
        'start', tracking.iso(e.started_at),
        'end', tracking.iso(e.ended_at),
        'zone', e.zone,
        'seconds', extract(epoch FROM e.ended_at - e.started_at)::bigint,
        'description', e.description,
        'project_id', e.project_id,
        'task_id', e.task_id,
        'tag_ids', e.tag_ids,
        'billable', e.billable,
        'version', e.version,
        'created_at', tracking.iso(e.created_at),
        'updated_at', tracking.iso(e.updated_at))
$$;

-- What an event tells of a project, client, task or tag.
CREATE OR REPLACE FUNCTION tracking.item_state(c tracking.catalogue) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('name', c.name, 'color', c.color, 'archived', c.archived_at IS NOT NULL)
        || CASE c.kind
               WHEN 'project' THEN jsonb_build_object('client_id', c.parent_id)
               WHEN 'task' THEN jsonb_build_object('project_id', c.parent_id)
               ELSE '{}'::jsonb
           END
$$;

-- A project, client, task or tag in an answer.
CREATE OR REPLACE FUNCTION tracking.item_json(c tracking.catalogue) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT tracking.item_state(c) || jsonb_build_object(
        'id', c.id,
        'version', c.version,
        'created_by', c.created_by,
        'created_at', tracking.iso(c.created_at),
        'updated_at', tracking.iso(c.updated_at))
$$;

-- What an event tells of a person.
CREATE OR REPLACE FUNCTION tracking.user_state(u tracking.users) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('username', u.username, 'name', u.name, 'zone', u.zone, 'locale', u.locale,
        'week_start', u.week_start, 'daily_target_minutes', u.daily_target_minutes)
$$;

GRANT EXECUTE ON FUNCTION tracking.iso, tracking.entry_json, tracking.entry_state, tracking.item_state, tracking.item_json
TO tracking_api;
