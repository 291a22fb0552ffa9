-- Outcomes: created; overlap (conflict = the other entry); running (conflict = the running entry).
CREATE OR REPLACE FUNCTION tracking.create_entry(
    p_user uuid, p_username text, p_name text, p_traceparent text,
    p_id uuid, p_start timestamp, p_end timestamp, p_zone text, p_description text, p_project text, p_days jsonb
) RETURNS TABLE (outcome text, version bigint, created_at timestamp, updated_at timestamp, conflict uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, tracking AS $$
DECLARE
    v_entry tracking.time_entries;
    v_start timestamptz := p_start AT TIME ZONE 'UTC';
    v_end timestamptz := p_end AT TIME ZONE 'UTC';
BEGIN
    PERFORM tracking.lock_owner(p_user, p_username, p_name);
    BEGIN
        INSERT INTO tracking.time_entries AS e (id, user_id, started_at, ended_at, zone, description, project)
        VALUES (p_id, p_user, v_start, v_end, p_zone, p_description, p_project)
        RETURNING e.* INTO v_entry;
    EXCEPTION
        WHEN exclusion_violation THEN
            RETURN QUERY SELECT 'overlap', NULL::bigint, NULL::timestamp, NULL::timestamp,
                tracking.overlapping(p_user, p_id, v_start, v_end);
            RETURN;
        WHEN unique_violation THEN
            RETURN QUERY SELECT 'running', NULL::bigint, NULL::timestamp, NULL::timestamp,
                (SELECT e.id FROM tracking.time_entries e
                 WHERE e.user_id = p_user AND e.ended_at IS NULL AND e.deleted_at IS NULL);
            RETURN;
    END;
    PERFORM tracking.record_event('created', NULL, tracking.entry_state(v_entry), p_days, v_entry,
        jsonb_build_object('id', p_user, 'name', p_name), p_traceparent);
    RETURN QUERY SELECT 'created', v_entry.version, v_entry.created_at AT TIME ZONE 'UTC',
        v_entry.updated_at AT TIME ZONE 'UTC', NULL::uuid;
END $$;

GRANT EXECUTE ON FUNCTION tracking.create_entry TO tracking_api;
