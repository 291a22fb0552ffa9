-- Make the person's row if it is new, take their name as the token has it, and lock it: whoever changes
-- a person's entries goes through here first, so the changes of one person are in one order.
CREATE OR REPLACE FUNCTION tracking.lock_owner(p_call jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tracking.users AS u (id, username, name)
    VALUES ((p_call->>'user')::uuid, p_call->>'username', p_call->>'name')
    ON CONFLICT (id) DO UPDATE SET username = excluded.username, name = excluded.name;
END $$;

-- Nobody writes time that is settled. The advisory lock is shared among writers and taken alone by the one who
-- moves the line, so that no write slips past it; it costs nothing else.
CREATE OR REPLACE FUNCTION tracking.check_period(p_start timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_before timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(hashtext('tracking.period_lock'));
    SELECT locked_before INTO v_before FROM tracking.period_lock;
    IF p_start < v_before THEN
        PERFORM tracking.refuse('locked', jsonb_build_object('field', 'start', 'locked_before', tracking.iso(v_before)));
    END IF;
END $$;
