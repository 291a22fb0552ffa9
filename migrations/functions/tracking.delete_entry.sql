-- Mark an entry as deleted; the row stays for the history. Outcomes: deleted; not_found.
CREATE OR REPLACE FUNCTION tracking.delete_entry(
    p_user uuid, p_username text, p_name text, p_traceparent text, p_id uuid
) RETURNS TABLE (outcome text, version bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, tracking AS $$
DECLARE
    v_before tracking.time_entries;
    v_entry tracking.time_entries;
BEGIN
    PERFORM tracking.lock_owner(p_user, p_username, p_name);
    SELECT e.* INTO v_before FROM tracking.time_entries e
    WHERE e.id = p_id AND e.user_id = p_user AND e.deleted_at IS NULL;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 'not_found', NULL::bigint;
        RETURN;
    END IF;
    UPDATE tracking.time_entries e
    SET deleted_at = now(), updated_at = now(), version = e.version + 1
    WHERE e.id = p_id
    RETURNING e.* INTO v_entry;
    PERFORM tracking.record_event('deleted', tracking.entry_state(v_before), NULL, '[]'::jsonb,
        v_entry, jsonb_build_object('id', p_user, 'name', p_name), p_traceparent);
    RETURN QUERY SELECT 'deleted', v_entry.version;
END $$;

GRANT EXECUTE ON FUNCTION tracking.delete_entry TO tracking_api;
