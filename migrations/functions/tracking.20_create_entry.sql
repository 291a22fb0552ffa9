-- {id, start, end, zone, description, project_id, task_id, tag_ids, billable, days, demo?, later?} → the entry
CREATE OR REPLACE FUNCTION tracking.create_entry(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_entry tracking.time_entries := tracking.with_fields(NULL, p_args);
BEGIN
    v_entry.id := p_args->>'id';
    v_entry.user_id := p_call->>'user';
    IF v_entry.ended_at IS NULL THEN
        v_entry.started_at := tracking.timer_start(v_entry.user_id, v_entry.started_at);
    END IF;
    PERFORM tracking.check_period(v_entry.started_at);
    PERFORM tracking.check_span(v_entry.user_id, v_entry.id, v_entry.started_at, v_entry.ended_at, p_args->'later');
    PERFORM tracking.check_names(NULL, v_entry);
    INSERT INTO tracking.time_entries AS e (id, user_id, started_at, ended_at, zone, description,
        project_id, task_id, tag_ids, billable, demo)
    VALUES (v_entry.id, v_entry.user_id, v_entry.started_at, v_entry.ended_at, v_entry.zone, v_entry.description,
        v_entry.project_id, v_entry.task_id, v_entry.tag_ids, v_entry.billable, coalesce((p_args->>'demo')::boolean, false))
    RETURNING e.* INTO v_entry;
    PERFORM tracking.record_entry_event(p_call, 'created', v_entry, NULL, tracking.entry_state(v_entry), p_args->'days');
    RETURN tracking.entry_json(v_entry);
END $$;
