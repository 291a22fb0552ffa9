-- A person's profile, and the line before which time is settled.

CREATE OR REPLACE FUNCTION tracking.profile_json(u tracking.users) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'zone', u.zone, 'locale', u.locale, 'week_start', u.week_start,
        'daily_target_minutes', u.daily_target_minutes, 'forgotten_after_minutes', u.forgotten_after_minutes,
        'version', u.version)
$$;

-- {version, zone, locale, week_start, daily_target_minutes, forgotten_after_minutes} → the profile
CREATE OR REPLACE FUNCTION tracking.change_profile(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_before tracking.users;
    v_user tracking.users;
BEGIN
    -- The caller's row is locked already.
    SELECT * INTO v_before FROM tracking.users WHERE id = (p_call->>'user')::uuid;
    UPDATE tracking.users u
    SET zone = p_args->>'zone', locale = p_args->>'locale', week_start = p_args->>'week_start',
        daily_target_minutes = (p_args->>'daily_target_minutes')::bigint,
        forgotten_after_minutes = (p_args->>'forgotten_after_minutes')::bigint, version = u.version + 1
    WHERE u.id = (p_call->>'user')::uuid AND u.version = (p_args->>'version')::bigint
    RETURNING u.* INTO v_user;
    IF NOT FOUND THEN
        PERFORM tracking.refuse('stale');
    END IF;
    PERFORM tracking.record_user_event(p_call, 'changed', v_before, v_user);
    RETURN tracking.profile_json(v_user);
END $$;

CREATE OR REPLACE FUNCTION tracking.lock_json(l tracking.period_lock) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('locked_before', tracking.iso(l.locked_before), 'version', l.version,
        'changed_by', l.changed_by, 'changed_at', tracking.iso(l.changed_at))
$$;

-- {version, locked_before} → the lock
CREATE OR REPLACE FUNCTION tracking.set_lock(p_call jsonb, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_lock tracking.period_lock;
BEGIN
    -- Waits for the writes in flight, which have read the line where it was.
    PERFORM pg_advisory_xact_lock(hashtext('tracking.period_lock'));
    UPDATE tracking.period_lock l
    SET locked_before = (p_args->>'locked_before')::timestamptz, version = l.version + 1,
        changed_by = (p_call->>'user')::uuid, changed_at = now()
    WHERE l.version = (p_args->>'version')::bigint
    RETURNING l.* INTO v_lock;
    IF NOT FOUND THEN
        PERFORM tracking.refuse('stale');
    END IF;
    RETURN tracking.lock_json(v_lock);
END $$;

GRANT EXECUTE ON FUNCTION tracking.profile_json, tracking.lock_json TO tracking_api;
