-- Write one change to the log and to the outbox. Called by commands only, with the owner's row locked.
CREATE OR REPLACE FUNCTION tracking.record_event(
    p_call jsonb,
    p_owner uuid,         -- whose log it is in
    p_aggregate text,     -- time_entry, project, client, task, tag, user
    p_kind text,          -- created, changed, deleted, restored
    p_subject uuid,
    p_schema text,
    p_data jsonb          -- beside owner, number and actor
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    v_event uuid := gen_random_uuid();
    v_time timestamptz := clock_timestamp();
    v_seq bigint;
    v_envelope jsonb;
    v_type text := format('timetracker.%s.%s', p_aggregate, p_kind);
BEGIN
    UPDATE tracking.users SET event_seq = event_seq + 1 WHERE id = p_owner RETURNING event_seq INTO v_seq;
    v_envelope := jsonb_strip_nulls(jsonb_build_object(
        'specversion', '1.0',
        'id', v_event,
        'source', '/timetracker/tracking',
        'type', v_type,
        'subject', p_subject,
        'time', tracking.iso(v_time),
        'datacontenttype', 'application/json',
        'dataschema', p_schema,
        'traceparent', p_call->>'traceparent'
    -- What has no version of its own has the event's number for one.
    )) || jsonb_build_object('data', jsonb_build_object('version', v_seq) || p_data || jsonb_build_object(
        'user_id', p_owner,
        'user_seq', v_seq,
        'actor', jsonb_build_object('id', p_call->>'user', 'name', p_call->>'name')
    ));
    INSERT INTO tracking.events (id, user_id, user_seq, type, subject, envelope)
    VALUES (v_event, p_owner, v_seq, v_type, p_subject, v_envelope);
    INSERT INTO tracking.outbox (event_id, routing_key, body, traceparent)
    VALUES (v_event, p_aggregate || '.' || p_kind, v_envelope::text, p_call->>'traceparent');
END $$;

-- The event of an entry; `p_days` is its time by day, cut by the domain in the entry's zone. Until there are rates and
-- rounding, money is null and a day's rounded seconds are its seconds.
CREATE OR REPLACE FUNCTION tracking.record_entry_event(
    p_call jsonb, p_kind text, p_entry tracking.time_entries, p_before jsonb, p_after jsonb, p_days jsonb
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM tracking.record_event(p_call, p_entry.user_id, 'time_entry', p_kind, p_entry.id,
        '/schemas/time-entry-event-v3.json', jsonb_build_object(
            'entry_id', p_entry.id, 'version', p_entry.version,
            'before', p_before, 'after', p_after, 'rate', NULL, 'currency', NULL, 'days', (
                SELECT coalesce(jsonb_agg(d || jsonb_build_object('rounded_seconds', d->'seconds', 'amount', NULL)), '[]')
                FROM jsonb_array_elements(p_days) d)));
END $$;

-- The event of a person: what reports call them, and the preferences that reports keep to.
CREATE OR REPLACE FUNCTION tracking.record_user_event(
    p_call jsonb, p_kind text, p_before tracking.users, p_after tracking.users
) RETURNS void LANGUAGE sql AS $$
    SELECT tracking.record_event(p_call, p_after.id, 'user', p_kind, p_after.id, '/schemas/user-event-v1.json',
        jsonb_build_object(
            'before', CASE WHEN p_before.id IS NOT NULL THEN tracking.user_state(p_before) END,
            'after', tracking.user_state(p_after)))
$$;

-- The event of a project, client, task or tag.
CREATE OR REPLACE FUNCTION tracking.record_item_event(
    p_call jsonb, p_kind text, p_item tracking.catalogue, p_before jsonb, p_after jsonb
) RETURNS void LANGUAGE sql AS $$
    SELECT tracking.record_event(p_call, (p_call->>'user')::uuid, p_item.kind, p_kind, p_item.id,
        '/schemas/catalogue-event-v1.json', jsonb_build_object(
            'id', p_item.id, 'version', p_item.version, 'before', p_before, 'after', p_after))
$$;

-- Wake the bridge. NOTIFY makes whoever commits with it wait for all others that do, each for its own write to disk; so
-- of those that commit at the same moment one wakes it for all, and the bridge looks again a moment later
-- (docs/adr/0013). To be called last, for the lock is held to the end.
CREATE OR REPLACE FUNCTION tracking.wake_bridge() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF pg_try_advisory_xact_lock(hashtext('tracking.outbox')) THEN
        PERFORM pg_notify('tracking_outbox', '');
    END IF;
END $$;
