-- Replace an entry's fields, if it still has the version that the caller read.
-- Outcomes: changed; not_found; stale; overlap, running (conflict = the other entry).
CREATE OR REPLACE FUNCTION tracking.change_entry(
    p_user uuid, p_username text, p_name text, p_traceparent text,
    p_id uuid, p_version bigint,
    p_start timestamp, p_end timestamp, p_zone text, p_description text, p_project text, p_days jsonb
) RETURNS TABLE (outcome text, version bigint, created_at timestamp, updated_at timestamp, conflict uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, tracking AS $$
DECLARE
    v_before tracking.time_entries;
    v_entry tracking.time_entries;
    v_start timestamptz := p_start AT TIME ZONE 'UTC';
    v_end timestamptz := p_end AT TIME ZONE 'UTC';
BEGIN
    PERFORM tracking.lock_owner(p_user, p_username, p_name);
    SELECT e.* INTO v_before FROM tracking.time_entries e
    WHERE e.id = p_id AND e.user_id = p_user AND e.deleted_at IS NULL;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'not_found', NULL::bigint, NULL::timestamp, NULL::timestamp, NULL::uuid;
        RETURN;
    END IF;
    IF v_before.version <> p_version THEN
        RETURN QUERY SELECT 'stale', v_before.version, NULL::timestamp, NULL::timestamp, NULL::uuid;
        RETURN;
    END IF;
    BEGIN
        UPDATE tracking.time_entries e
        SET started_at = v_start, ended_at = v_end, zone = p_zone, description = p_description,
            project = p_project, version = e.version + 1, updated_at = now()
        WHERE e.id = p_id
        RETURNING e.* INTO v_entry;
    EXCEPTION
        WHEN exclusion_violation THEN
            RETURN QUERY SELECT 'overlap', NULL::bigint, NULL::timestamp, NULL::timestamp,
                tracking.overlapping(p_user, p_id, v_start, v_end);
            RETURN;
        WHEN unique_violation THEN
            RETURN QUERY SELECT 'running', NULL::bigint, NULL::timestamp, NULL::timestamp,
                (SELECT e.id FROM tracking.time_entries e
                 WHERE e.user_id = p_user AND e.ended_at IS NULL AND e.deleted_at IS NULL AND e.id <> p_id);
            RETURN;
    END;
    PERFORM tracking.record_event('changed', tracking.entry_state(v_before), tracking.entry_state(v_entry), p_days,
        v_entry, jsonb_build_object('id', p_user, 'name', p_name), p_traceparent);
    RETURN QUERY SELECT 'changed', v_entry.version, v_entry.created_at AT TIME ZONE 'UTC',
        v_entry.updated_at AT TIME ZONE 'UTC', NULL::uuid;
END $$;

GRANT EXECUTE ON FUNCTION tracking.change_entry TO tracking_api;
