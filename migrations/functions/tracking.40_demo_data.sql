-- Demo data: filled in by one call, removed by one call, marked by the columns `demo`. Each row has the event that any
-- other change has; the actor is who called, whoever the entry's owner was invented to be.

-- How much there is.
CREATE OR REPLACE FUNCTION tracking.demo_json() RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'present', e.entries + i.items > 0, 'people', e.people, 'entries', e.entries,
        'clients', i.clients, 'projects', i.projects, 'tasks', i.tasks, 'tags', i.tags)
    FROM (
        SELECT count(*) AS entries, count(DISTINCT user_id) AS people
        FROM tracking.time_entries WHERE demo AND deleted_at IS NULL
    ) e, (
        SELECT count(*) AS items,
            count(*) FILTER (WHERE kind = 'client') AS clients, count(*) FILTER (WHERE kind = 'project') AS projects,
            count(*) FILTER (WHERE kind = 'task') AS tasks, count(*) FILTER (WHERE kind = 'tag') AS tags
        FROM tracking.catalogue WHERE demo AND deleted_at IS NULL
    ) i
$$;

-- The name, or the first of "name 2", "name 3", … that no living item has.
CREATE OR REPLACE FUNCTION tracking.free_name(p_kind text, p_parent uuid, p_name text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    v_name text := p_name;
    v_number integer := 1;
BEGIN
    WHILE EXISTS (
        SELECT FROM tracking.catalogue c
        WHERE c.kind = p_kind AND tracking.name_key(c.name) = tracking.name_key(v_name)
          AND c.archived_at IS NULL AND c.deleted_at IS NULL
          AND (p_kind <> 'task' OR c.parent_id = p_parent)
    ) LOOP
        v_number := v_number + 1;
        v_name := p_name || ' ' || v_number;
    END LOOP;
    RETURN v_name;
END $$;

-- {people: [{id, username, name, zone, locale, week_start}], items: [arguments of create_item, parents first],
-- entries: [arguments of create_entry and user_id]} → how much there is
CREATE OR REPLACE FUNCTION tracking.fill_demo(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_item jsonb;
    v_entry tracking.time_entries;
BEGIN
    -- The caller's row is locked already; this locks the others, in the order of their ids.
    PERFORM tracking.lock_person(p_call, jsonb_populate_record(NULL::tracking.users, p || '{"demo": true}'))
    FROM (SELECT p FROM jsonb_array_elements(p_args->'people') p ORDER BY p->>'id') people;
    IF (tracking.demo_json()->>'present')::boolean THEN
        PERFORM tracking.refuse('demo-exists');
    END IF;
    PERFORM tracking.check_period((SELECT min((e->>'start')::timestamptz) FROM jsonb_array_elements(p_args->'entries') e));

    FOR v_item IN SELECT * FROM jsonb_array_elements(p_args->'items') LOOP
        PERFORM tracking.create_item(p_call, v_item || jsonb_build_object('demo', true,
            'name', tracking.free_name(v_item->>'kind', (v_item->>'parent_id')::uuid, v_item->>'name')));
    END LOOP;

    FOR v_item IN SELECT * FROM jsonb_array_elements(p_args->'entries') LOOP
        v_entry := tracking.with_fields(NULL, v_item);
        -- What somebody has really tracked stays as it is: the demo makes room, and a running timer can be stopped.
        CONTINUE WHEN EXISTS (
            SELECT FROM tracking.time_entries e
            WHERE e.user_id = (v_item->>'user_id')::uuid AND e.deleted_at IS NULL
              AND tstzrange(e.started_at, e.ended_at) && tstzrange(v_entry.started_at, v_entry.ended_at));
        INSERT INTO tracking.time_entries AS e (id, user_id, started_at, ended_at, zone, description,
            project_id, task_id, tag_ids, billable, demo)
        VALUES ((v_item->>'id')::uuid, (v_item->>'user_id')::uuid, v_entry.started_at, v_entry.ended_at, v_entry.zone,
            v_entry.description, v_entry.project_id, v_entry.task_id, v_entry.tag_ids, v_entry.billable, true)
        RETURNING e.* INTO v_entry;
        PERFORM tracking.record_entry_event(p_call, 'created', v_entry, NULL, tracking.entry_state(v_entry), v_item->'days');
    END LOOP;
    RETURN tracking.demo_json();
END $$;

-- {seen: what demo_json told the caller} → {entries, items, kept_items}: how many were deleted, and how many items
-- stay because something that is no demo data names them. Those are no demo data any more.
CREATE OR REPLACE FUNCTION tracking.remove_demo(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_before tracking.time_entries;
    v_entry tracking.time_entries;
    v_was tracking.catalogue;
    v_item tracking.catalogue;
    v_entries bigint := 0;
    v_items bigint := 0;
    v_kept bigint;
BEGIN
    PERFORM FROM tracking.users u
    WHERE u.id IN (SELECT user_id FROM tracking.time_entries WHERE demo AND deleted_at IS NULL)
    ORDER BY u.id FOR UPDATE;
    IF tracking.demo_json() <> p_args->'seen' THEN
        PERFORM tracking.refuse('stale');
    END IF;
    PERFORM tracking.check_period((SELECT min(started_at) FROM tracking.time_entries WHERE demo AND deleted_at IS NULL));

    FOR v_before IN
        SELECT * FROM tracking.time_entries WHERE demo AND deleted_at IS NULL ORDER BY user_id, started_at
    LOOP
        UPDATE tracking.time_entries e SET deleted_at = now(), updated_at = now(), version = e.version + 1
        WHERE e.id = v_before.id
        RETURNING e.* INTO v_entry;
        PERFORM tracking.record_entry_event(p_call, 'deleted', v_entry, tracking.entry_state(v_before), NULL, '[]');
        v_entries := v_entries + 1;
    END LOOP;

    -- From here on no new entry can name one of them: it waits, and then finds the item deleted.
    PERFORM FROM tracking.catalogue c WHERE c.demo AND c.deleted_at IS NULL ORDER BY c.id FOR UPDATE;
    WITH RECURSIVE named AS (
        SELECT n.id FROM tracking.time_entries e, unnest(ARRAY[e.project_id, e.task_id] || e.tag_ids) n (id)
        WHERE NOT e.demo
        UNION SELECT c.parent_id FROM tracking.catalogue c WHERE NOT c.demo AND c.deleted_at IS NULL
    ), kept AS (
        SELECT c.id, c.parent_id FROM tracking.catalogue c JOIN named USING (id) WHERE c.demo AND c.deleted_at IS NULL
        UNION
        SELECT c.id, c.parent_id FROM tracking.catalogue c JOIN kept ON c.id = kept.parent_id
        WHERE c.demo AND c.deleted_at IS NULL
    )
    UPDATE tracking.catalogue c SET demo = false FROM kept WHERE c.id = kept.id;
    GET DIAGNOSTICS v_kept = ROW_COUNT;

    FOR v_was IN
        SELECT * FROM tracking.catalogue WHERE demo AND deleted_at IS NULL
        ORDER BY array_position(ARRAY['task', 'project', 'client', 'tag'], kind), id
    LOOP
        UPDATE tracking.catalogue c SET deleted_at = now(), updated_at = now(), version = c.version + 1
        WHERE c.id = v_was.id
        RETURNING c.* INTO v_item;
        PERFORM tracking.record_item_event(p_call, 'deleted', v_item, tracking.item_state(v_was), NULL);
        v_items := v_items + 1;
    END LOOP;
    RETURN jsonb_build_object('entries', v_entries, 'items', v_items, 'kept_items', v_kept);
END $$;

GRANT EXECUTE ON FUNCTION tracking.demo_json TO tracking_api;
