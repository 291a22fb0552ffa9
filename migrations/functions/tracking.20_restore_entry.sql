-- {id, version, days}: undo a delete → the entry
CREATE OR REPLACE FUNCTION tracking.restore_entry(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_entry tracking.time_entries;
BEGIN
    SELECT e.* INTO v_entry FROM tracking.time_entries e
    WHERE e.id = (p_args->>'id')::uuid AND e.user_id = (p_call->>'user')::uuid;
    IF NOT FOUND THEN
        PERFORM tracking.refuse('not-found');
    ELSIF v_entry.version <> (p_args->>'version')::bigint THEN
        PERFORM tracking.refuse('stale');
    ELSIF v_entry.deleted_at IS NULL THEN
        PERFORM tracking.refuse('not-deleted');
    END IF;
    PERFORM tracking.check_period(v_entry.started_at);
    PERFORM tracking.check_span(v_entry.user_id, v_entry.id, v_entry.started_at, v_entry.ended_at);
    UPDATE tracking.time_entries e
    SET deleted_at = NULL, updated_at = now(), version = e.version + 1
    WHERE e.id = v_entry.id
    RETURNING e.* INTO v_entry;
    PERFORM tracking.record_entry_event(p_call, 'restored', v_entry, NULL, tracking.entry_state(v_entry), p_args->'days');
    RETURN tracking.entry_json(v_entry);
END $$;
