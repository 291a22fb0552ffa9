-- {stop: arguments of change_entry or null, start: arguments of create_entry} → {stopped, started}: both or neither.
CREATE OR REPLACE FUNCTION tracking.switch_timer(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_stopped jsonb;
BEGIN
    IF jsonb_typeof(p_args->'stop') = 'object' THEN
        v_stopped := tracking.change_entry(p_call, p_args->'stop');
    ELSIF EXISTS (SELECT FROM tracking.time_entries e
                  WHERE e.user_id = (p_call->>'user')::uuid AND e.ended_at IS NULL AND e.deleted_at IS NULL) THEN
        -- It was started after the caller had looked.
        PERFORM tracking.refuse('stale');
    END IF;
    RETURN jsonb_build_object('stopped', v_stopped, 'started', tracking.create_entry(p_call, p_args->'start'));
END $$;
