-- {id, version, start, end, zone, description, project_id, task_id, tag_ids, billable, days, later?} → the entry.
-- A running entry is not settled yet: one that began before the lock can be ended and changed, but not begin earlier.
CREATE OR REPLACE FUNCTION tracking.change_entry(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_before tracking.time_entries := tracking.own_entry(p_call, p_args);
    v_entry tracking.time_entries := tracking.with_fields(v_before, p_args);
BEGIN
    IF v_entry = v_before THEN
        RETURN tracking.entry_json(v_before);
    END IF;
    IF v_before.ended_at IS NOT NULL OR v_entry.started_at < v_before.started_at THEN
        PERFORM tracking.check_period(least(v_before.started_at, v_entry.started_at));
    END IF;
    PERFORM tracking.check_span(v_entry.user_id, v_entry.id, v_entry.started_at, v_entry.ended_at, p_args->'later');
    PERFORM tracking.check_names(v_before, v_entry);
    UPDATE tracking.time_entries e
    SET started_at = v_entry.started_at, ended_at = v_entry.ended_at, zone = v_entry.zone,
        description = v_entry.description, project_id = v_entry.project_id, task_id = v_entry.task_id,
        tag_ids = v_entry.tag_ids, billable = v_entry.billable, version = e.version + 1, updated_at = now()
    WHERE e.id = v_entry.id
    RETURNING e.* INTO v_entry;
    PERFORM tracking.record_entry_event(p_call, 'changed', v_entry, tracking.entry_state(v_before),
        tracking.entry_state(v_entry), p_args->'days');
    RETURN tracking.entry_json(v_entry);
END $$;
