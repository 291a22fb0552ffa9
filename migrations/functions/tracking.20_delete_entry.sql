-- {id, version} → the entry as it was last. The row stays, for the history and for an undo. A running entry is not
-- settled yet: it can be discarded after a lock, too.
CREATE OR REPLACE FUNCTION tracking.delete_entry(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_before tracking.time_entries := tracking.own_entry(p_call, p_args);
    v_entry tracking.time_entries;
BEGIN
    IF v_before.ended_at IS NOT NULL THEN
        PERFORM tracking.check_period(v_before.started_at);
    END IF;
    UPDATE tracking.time_entries e
    SET deleted_at = now(), updated_at = now(), version = e.version + 1
    WHERE e.id = v_before.id
    RETURNING e.* INTO v_entry;
    PERFORM tracking.record_entry_event(p_call, 'deleted', v_entry, tracking.entry_state(v_before), NULL, '[]');
    RETURN tracking.entry_json(v_entry);
END $$;
