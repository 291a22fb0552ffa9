-- The one door for writes. Spin gives a component no transactions, so whatever belongs together happens in here.

-- Commands by name; the API can call no others.
CREATE OR REPLACE FUNCTION tracking.run(p_call jsonb, p_command text, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
    -- Not an expression: PostgreSQL prepares all of one, in each transaction.
    CASE p_command
        WHEN 'create_entry' THEN RETURN tracking.create_entry(p_call, p_args);
        WHEN 'change_entry' THEN RETURN tracking.change_entry(p_call, p_args);
        WHEN 'delete_entry' THEN RETURN tracking.delete_entry(p_call, p_args);
        WHEN 'restore_entry' THEN RETURN tracking.restore_entry(p_call, p_args);
        WHEN 'switch_timer' THEN RETURN tracking.switch_timer(p_call, p_args);
        WHEN 'bulk_entries' THEN RETURN tracking.bulk_entries(p_call, p_args);
        WHEN 'create_item' THEN RETURN tracking.create_item(p_call, p_args);
        WHEN 'change_item' THEN RETURN tracking.change_item(p_call, p_args);
        WHEN 'delete_item' THEN RETURN tracking.delete_item(p_call, p_args);
        WHEN 'change_profile' THEN RETURN tracking.change_profile(p_call, p_args);
        WHEN 'set_lock' THEN RETURN tracking.set_lock(p_call, p_args);
        WHEN 'fill_demo' THEN RETURN tracking.fill_demo(p_call, p_args);
        WHEN 'remove_demo' THEN RETURN tracking.remove_demo(p_call, p_args);
    END CASE;
END $$;

-- The answer that was stored for an idempotency key: {"done": …, "replayed": true}, a refusal where the key was used
-- for another request, or null. Kept for 24 hours. (In PL/pgSQL, which keeps a plan.)
CREATE OR REPLACE FUNCTION tracking.replay(p_call jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF p_call->>'key' IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT CASE WHEN k.fingerprint = p_call->>'fingerprint' THEN k.result || '{"replayed": true}'
                    ELSE '{"refused": "key-reused", "field": "Idempotency-Key"}' END
        FROM tracking.idempotency_keys k
        WHERE k.user_id = (p_call->>'user')::uuid AND k.key = p_call->>'key'
          AND k.created_at > now() - interval '24 hours');
END $$;

-- Lock the owner, and run the command if it is not a repeat. Only what was done is stored for a key: a refusal is judged anew.
CREATE OR REPLACE FUNCTION tracking.once(p_call jsonb, p_command text, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_result jsonb;
BEGIN
    PERFORM tracking.lock_owner(p_call);
    -- From here on nobody else writes for this person, so two requests with one key have one effect.
    v_result := tracking.replay(p_call);
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_result := jsonb_build_object('done', tracking.run(p_call, p_command, p_args));
    IF p_call->>'key' IS NOT NULL THEN
        INSERT INTO tracking.idempotency_keys AS k (user_id, key, fingerprint, result)
        VALUES ((p_call->>'user')::uuid, p_call->>'key', p_call->>'fingerprint', v_result)
        ON CONFLICT (user_id, key) DO UPDATE
        SET fingerprint = excluded.fingerprint, result = excluded.result, created_at = now();
        -- Each keyed write sweeps a few of the old ones, whoever's they are: no worker is needed for it.
        DELETE FROM tracking.idempotency_keys k USING (
            SELECT user_id, key FROM tracking.idempotency_keys
            WHERE created_at < now() - interval '25 hours' ORDER BY created_at LIMIT 10 FOR UPDATE SKIP LOCKED
        ) old WHERE k.user_id = old.user_id AND k.key = old.key;
    END IF;
    RETURN v_result;
END $$;

-- The same in a subtransaction → {"done": …}, or {"refused": problem, …} with all that it did undone. The owner is locked
-- inside, for a row that a transaction locks and its subtransaction writes needs a MultiXact.
CREATE OR REPLACE FUNCTION tracking.attempt(p_call jsonb, p_command text, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_name text;
    v_detail text;
    v_refusal jsonb;
BEGIN
    RETURN tracking.once(p_call, p_command, p_args);
EXCEPTION
    WHEN SQLSTATE 'TTREF' THEN
        GET STACKED DIAGNOSTICS v_name = MESSAGE_TEXT, v_detail = PG_EXCEPTION_DETAIL;
        RETURN v_detail::jsonb || jsonb_build_object('refused', v_name);
    WHEN exclusion_violation OR unique_violation OR check_violation THEN
        GET STACKED DIAGNOSTICS v_name = CONSTRAINT_NAME;
        v_refusal := tracking.refusal_of_constraint(v_name);
        IF v_refusal IS NULL THEN
            RAISE;
        END IF;
        RETURN v_refusal;
END $$;

-- p_call: {user, username, name, roles, traceparent, key, fingerprint}. Answers as tracking.attempt and tracking.replay.
CREATE OR REPLACE FUNCTION tracking.write(p_call jsonb, p_command text, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, tracking AS $$
DECLARE
    v_result jsonb := tracking.attempt(p_call, p_command, p_args);
BEGIN
    PERFORM tracking.wake_bridge();
    RETURN v_result;
END $$;

GRANT EXECUTE ON FUNCTION tracking.write, tracking.replay TO tracking_api;
