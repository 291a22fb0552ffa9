-- Make the person's row if it is new, take their name as the token has it, and lock it: whoever changes
-- a person's entries goes through here first, so the changes of one person are in one order. Reports name people, so
-- a new person and a new name are events.
CREATE OR REPLACE FUNCTION tracking.lock_owner(p_call jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_person tracking.users;
BEGIN
    v_person.id := p_call->>'user';
    v_person.username := p_call->>'username';
    v_person.name := p_call->>'name';
    PERFORM tracking.lock_person(p_call, v_person);
END $$;

-- The same for whom a command names: `p_person` has id and names, and for a new one may have preferences.
CREATE OR REPLACE FUNCTION tracking.lock_person(p_call jsonb, p_person tracking.users) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    v_before tracking.users;
    v_after tracking.users;
BEGIN
    SELECT * INTO v_before FROM tracking.users WHERE id = p_person.id FOR UPDATE;
    IF NOT FOUND THEN
        INSERT INTO tracking.users AS u (id, username, name, zone, locale, week_start, demo)
        VALUES (p_person.id, p_person.username, p_person.name, coalesce(p_person.zone, 'UTC'),
            coalesce(p_person.locale, 'en'), coalesce(p_person.week_start, 'iso'), coalesce(p_person.demo, false))
        ON CONFLICT (id) DO NOTHING RETURNING u.* INTO v_after;
        IF FOUND THEN
            PERFORM tracking.record_user_event(p_call, 'created', NULL, v_after);
            RETURN;
        END IF;
        -- Somebody was quicker.
        SELECT * INTO v_before FROM tracking.users WHERE id = p_person.id FOR UPDATE;
    END IF;
    IF (v_before.username, v_before.name) IS DISTINCT FROM (p_person.username, p_person.name) THEN
        UPDATE tracking.users u SET username = p_person.username, name = p_person.name WHERE u.id = p_person.id
        RETURNING u.* INTO v_after;
        PERFORM tracking.record_user_event(p_call, 'changed', v_before, v_after);
    END IF;
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
