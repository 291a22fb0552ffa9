-- Write one change to the log and to the outbox. Called by the write functions only, with the owner's row locked.
CREATE OR REPLACE FUNCTION tracking.record_event(
    p_kind text,          -- created, changed, deleted
    p_before jsonb, p_after jsonb, p_days jsonb,
    p_entry tracking.time_entries,
    p_actor jsonb,        -- {"id", "name"}
    p_traceparent text
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, tracking AS $$
DECLARE
    v_event uuid := gen_random_uuid();
    v_seq bigint;
    v_type text := 'timetracker.time_entry.' || p_kind;
BEGIN
    UPDATE tracking.users SET event_seq = event_seq + 1 WHERE id = p_entry.user_id RETURNING event_seq INTO v_seq;
    INSERT INTO tracking.events (id, user_id, user_seq, type, subject, envelope)
    VALUES (v_event, p_entry.user_id, v_seq, v_type, p_entry.id, jsonb_strip_nulls(jsonb_build_object(
        'specversion', '1.0',
        'id', v_event,
        'source', '/timetracker/tracking',
        'type', v_type,
        'subject', p_entry.id,
        'time', tracking.iso(clock_timestamp()),
        'datacontenttype', 'application/json',
        'dataschema', '/schemas/time-entry-event-v1.json',
        'traceparent', p_traceparent
    )) || jsonb_build_object('data', jsonb_build_object(
        'entry_id', p_entry.id,
        'user_id', p_entry.user_id,
        'version', p_entry.version,
        'user_seq', v_seq,
        'actor', p_actor,
        'before', p_before,
        'after', p_after,
        'days', p_days
    )));
    INSERT INTO tracking.outbox (event_id, routing_key) VALUES (v_event, 'time_entry.' || p_kind);
    PERFORM pg_notify('tracking_outbox', '');
END $$;
