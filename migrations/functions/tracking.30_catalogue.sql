-- Projects, clients, tasks and tags. Everybody reads and makes them; who made one, managers and admins change it.

CREATE OR REPLACE FUNCTION tracking.own_item(p_call jsonb, p_args jsonb) RETURNS tracking.catalogue
LANGUAGE plpgsql AS $$
DECLARE
    v_item tracking.catalogue;
BEGIN
    SELECT c.* INTO v_item FROM tracking.catalogue c
    WHERE c.id = (p_args->>'id')::uuid AND c.kind = p_args->>'kind' AND c.deleted_at IS NULL
    FOR UPDATE;
    IF NOT FOUND THEN
        PERFORM tracking.refuse('not-found');
    ELSIF v_item.created_by <> (p_call->>'user')::uuid AND NOT p_call->'roles' ?| ARRAY['manager', 'admin'] THEN
        PERFORM tracking.refuse('forbidden');
    ELSIF v_item.version <> (p_args->>'version')::bigint THEN
        PERFORM tracking.refuse('stale');
    END IF;
    RETURN v_item;
END $$;

-- A project's client or a task's project must be there and living.
CREATE OR REPLACE FUNCTION tracking.check_parent(p_kind text, p_parent uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_kind text := CASE p_kind WHEN 'project' THEN 'client' ELSE 'project' END;
    v_archived timestamptz;
BEGIN
    IF p_parent IS NULL THEN
        RETURN;
    END IF;
    SELECT c.archived_at INTO v_archived FROM tracking.catalogue c
    WHERE c.id = p_parent AND c.kind = v_kind AND c.deleted_at IS NULL FOR KEY SHARE;
    IF NOT FOUND THEN
        PERFORM tracking.refuse('unknown-name', jsonb_build_object('field', v_kind || '_id'));
    ELSIF v_archived IS NOT NULL THEN
        PERFORM tracking.refuse('archived', jsonb_build_object('field', v_kind || '_id'));
    END IF;
END $$;

-- {id, kind, name, color, parent_id, demo?} → the item
CREATE OR REPLACE FUNCTION tracking.create_item(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_item tracking.catalogue;
BEGIN
    PERFORM tracking.check_parent(p_args->>'kind', (p_args->>'parent_id')::uuid);
    INSERT INTO tracking.catalogue AS c (id, kind, name, color, parent_id, created_by, demo)
    VALUES ((p_args->>'id')::uuid, p_args->>'kind', p_args->>'name', p_args->>'color', (p_args->>'parent_id')::uuid,
        (p_call->>'user')::uuid, coalesce((p_args->>'demo')::boolean, false))
    RETURNING c.* INTO v_item;
    PERFORM tracking.record_item_event(p_call, 'created', v_item, NULL, tracking.item_state(v_item));
    RETURN tracking.item_json(v_item);
END $$;

-- {id, kind, version, name, color, parent_id, archived} → the item
CREATE OR REPLACE FUNCTION tracking.change_item(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_before tracking.catalogue := tracking.own_item(p_call, p_args);
    v_item tracking.catalogue := v_before;
BEGIN
    v_item.name := p_args->>'name';
    v_item.color := p_args->>'color';
    v_item.parent_id := (p_args->>'parent_id')::uuid;
    v_item.archived_at := CASE WHEN (p_args->>'archived')::boolean THEN coalesce(v_before.archived_at, now()) END;
    IF v_item = v_before THEN
        RETURN tracking.item_json(v_before);
    END IF;
    IF v_item.parent_id IS DISTINCT FROM v_before.parent_id THEN
        PERFORM tracking.check_parent(v_item.kind, v_item.parent_id);
    END IF;
    UPDATE tracking.catalogue c
    SET name = v_item.name, color = v_item.color, parent_id = v_item.parent_id, archived_at = v_item.archived_at,
        version = c.version + 1, updated_at = now()
    WHERE c.id = v_item.id
    RETURNING c.* INTO v_item;
    PERFORM tracking.record_item_event(p_call, 'changed', v_item, tracking.item_state(v_before), tracking.item_state(v_item));
    RETURN tracking.item_json(v_item);
END $$;

-- {id, kind, version} → the item as it was last. What anything names, deleted entries included, can only be archived.
CREATE OR REPLACE FUNCTION tracking.delete_item(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_before tracking.catalogue := tracking.own_item(p_call, p_args);
    v_item tracking.catalogue;
BEGIN
    IF EXISTS (SELECT FROM tracking.time_entries e WHERE e.project_id = v_before.id)
        OR EXISTS (SELECT FROM tracking.time_entries e WHERE e.task_id = v_before.id)
        OR EXISTS (SELECT FROM tracking.time_entries e WHERE e.tag_ids @> ARRAY[v_before.id] AND e.tag_ids <> '{}')
        OR EXISTS (SELECT FROM tracking.catalogue c WHERE c.parent_id = v_before.id AND c.deleted_at IS NULL)
    THEN
        PERFORM tracking.refuse('in-use');
    END IF;
    UPDATE tracking.catalogue c SET deleted_at = now(), updated_at = now(), version = c.version + 1
    WHERE c.id = v_before.id
    RETURNING c.* INTO v_item;
    PERFORM tracking.record_item_event(p_call, 'deleted', v_item, tracking.item_state(v_before), NULL);
    RETURN tracking.item_json(v_item);
END $$;
