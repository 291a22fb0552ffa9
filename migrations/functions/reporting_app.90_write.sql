-- The report endpoints' one door for writes, with the contract of tracking.write (docs/adr/0006).

-- Commands by name; the endpoints can call no others.
CREATE OR REPLACE FUNCTION reporting_app.run(p_call jsonb, p_command text, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
BEGIN
    RETURN CASE p_command
        WHEN 'create_report' THEN reporting_app.create_report(p_call, p_args)
        WHEN 'change_report' THEN reporting_app.change_report(p_call, p_args)
        WHEN 'delete_report' THEN reporting_app.delete_report(p_call, p_args)
        WHEN 'share_report' THEN reporting_app.share_report(p_call, p_args)
        WHEN 'revoke_share' THEN reporting_app.revoke_share(p_call, p_args)
        WHEN 'replay_letter' THEN reporting_app.replay_letter(p_call, p_args)
        WHEN 'drop_letter' THEN reporting_app.drop_letter(p_call, p_args)
    END;
END $$;

-- Run a command → {"done": …}, or {"refused": problem, …} with all that it did undone.
CREATE OR REPLACE FUNCTION reporting_app.attempt(p_call jsonb, p_command text, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    v_done jsonb;
    v_name text;
BEGIN
    v_done := reporting_app.run(p_call, p_command, p_args);
    IF v_done IS NULL THEN
        RAISE EXCEPTION 'no command %', p_command;
    END IF;
    RETURN jsonb_build_object('done', v_done);
EXCEPTION
    WHEN SQLSTATE 'TTREF' THEN
        RETURN jsonb_build_object('refused', SQLERRM);
    WHEN unique_violation THEN
        GET STACKED DIAGNOSTICS v_name = CONSTRAINT_NAME;
        IF v_name = 'saved_reports_name_taken' THEN
            RETURN '{"refused": "name-taken", "field": "name"}';
        END IF;
        RAISE;
END $$;

-- The answer that was stored for an idempotency key, as tracking.replay tells it.
CREATE OR REPLACE FUNCTION reporting_app.replay(p_call jsonb) RETURNS jsonb
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, reporting_app AS $$
    SELECT CASE WHEN k.fingerprint = p_call->>'fingerprint' THEN k.result || '{"replayed": true}'
                ELSE '{"refused": "key-reused", "field": "Idempotency-Key"}' END
    FROM reporting_app.idempotency_keys k
    WHERE k.user_id = (p_call->>'user')::uuid AND k.key = p_call->>'key' AND k.created_at > now() - interval '24 hours'
$$;

CREATE OR REPLACE FUNCTION reporting_app.write(p_call jsonb, p_command text, p_args jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, reporting_app AS $$
DECLARE
    v_result jsonb;
BEGIN
    -- There is no row of the caller's to lock: one write of a person at a time, so two requests with one key have one
    -- effect.
    PERFORM pg_advisory_xact_lock(hashtextextended('reporting_app ' || (p_call->>'user'), 0));
    v_result := reporting_app.replay(p_call);
    IF v_result IS NOT NULL THEN
        RETURN v_result;
    END IF;
    v_result := reporting_app.attempt(p_call, p_command, p_args);
    IF p_call->>'key' IS NOT NULL AND v_result ? 'done' THEN
        INSERT INTO reporting_app.idempotency_keys AS k (user_id, key, fingerprint, result)
        VALUES ((p_call->>'user')::uuid, p_call->>'key', p_call->>'fingerprint', v_result)
        ON CONFLICT (user_id, key) DO UPDATE
        SET fingerprint = excluded.fingerprint, result = excluded.result, created_at = now();
        -- As in tracking.write: no worker is needed to forget the old ones.
        DELETE FROM reporting_app.idempotency_keys k USING (
            SELECT user_id, key FROM reporting_app.idempotency_keys
            WHERE created_at < now() - interval '25 hours' ORDER BY created_at LIMIT 10 FOR UPDATE SKIP LOCKED
        ) old WHERE k.user_id = old.user_id AND k.key = old.key;
    END IF;
    RETURN v_result;
END $$;

GRANT EXECUTE ON FUNCTION reporting_app.write, reporting_app.replay TO reports_api;
